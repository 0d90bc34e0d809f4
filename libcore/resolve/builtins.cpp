// Shell builtins that change what later words mean. They are reported like any program; this is what they do
// to the state.
#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/resolve/evaluator_impl.hpp"
#include "libcore/resolve/items.hpp"
#include "libcore/syntax/builder.hpp"

namespace cmdai::resolve {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && syntax::is_name_start(text[0]) &&
         std::all_of(text.begin(), text.end(), syntax::is_name_char);
}

/// NAME=VALUE of declare, export, alias … Holes may stand in the value only.
bool split_assignment(const Value& word, std::string& name, Value& value, bool& append) {
  const std::string head = word.prefix();
  const size_t equals = head.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  append = head[equals - 1] == '+';
  name = head.substr(0, append ? equals - 1 : equals);
  size_t skip = equals + 1;
  for (const Piece& p : word.pieces()) {
    if (p.hole) {
      value.append(Value::unknown(*p.hole, p.text, p.active));
      continue;
    }
    const size_t drop = std::min(skip, p.text.size());
    skip -= drop;
    value.append_literal(std::string_view(p.text).substr(drop), p.active);
  }
  value.taint = word.taint;
  return true;
}

}  // namespace

void Evaluator::Impl::assign(const std::string& name, Value value, bool append, const Frame& frame) {
  const auto known = state.variables.find(name);
  const bool reference = known != state.variables.end() && known->second.reference;
  const std::string target = reference && !known->second.items.empty()
                                 ? known->second.items.front().with_holes_empty()
                                 : std::string();
  const std::string& where = target.empty() ? name : target;
  const auto old = state.variables.find(where);
  if (old != state.variables.end() && old->second.integer) return assign_integer(where, value, append, frame);
  Variable& variable = state.variables[where];
  if (append && !variable.items.empty()) {
    variable.items.back().append(value);
    for (Value& alternative : variable.alternatives) alternative.append(value);
    return;
  }
  variable.items.clear();
  variable.alternatives.clear();
  variable.crowded = false;
  variable.items.push_back(std::move(value));
  variable.array = false;
}

/// What an integer is given is an expression, += adds to it. What the expression runs may change the state:
/// the variable is looked up behind it.
void Evaluator::Impl::assign_integer(const std::string& name, const Value& value, bool append,
                                     const Frame& frame) {
  Value expression;
  if (append && !state.variables[name].items.empty()) {
    expression = state.variables[name].items.front();
    expression.append_literal("+", false);
  }
  expression.append(value);
  evaluate_arithmetic(expression, frame);
  const Integer number = count(expression, frame);
  Value result =
      number ? Value::exact(std::to_string(*number)) : Value::unknown(HoleKind::arithmetic, {}, false);
  result.taint = value.taint;
  Variable& variable = state.variables[name];
  variable.items = {std::move(result)};
  variable.alternatives.clear();
  variable.integer = true;
  variable.crowded = variable.array = false;
}

/// name[index]=value. What the index says is not always known, nor whether the array is an associative one.
void Evaluator::Impl::assign_element(const std::string& name, const Value& index, Value value, bool append,
                                     const Frame& frame) {
  constexpr int64_t kMostElements = 1024;
  if (assign_special(name, index, value, frame)) return;
  const Integer number = count(index, frame);  // of an associative array it is a key
  const int64_t first = frame.dialect.shell == Shell::zsh ? 1 : 0;
  const bool fits = number && *number >= first && *number - first < kMostElements;
  const size_t at = fits ? static_cast<size_t>(*number - first) : 0;
  if (state.variables[name].integer) evaluate_arithmetic(value, frame);
  Variable& variable = state.variables[name];
  variable.alternatives.clear();
  variable.crowded = false;
  if (!fits || append) {
    Value either = Value::unknown(HoleKind::variable, name);
    either.taint = value.taint;
    variable.items = {std::move(either)};
    variable.array = false;
    return;
  }
  if (variable.items.size() <= at) variable.items.resize(at + 1);
  variable.items[at] = std::move(value);
  variable.array = true;
}

/// zsh's tables of the shell itself, zshmodules(1) zsh/parameter: an element is an alias or a function.
bool Evaluator::Impl::assign_special(const std::string& name, const Value& key, const Value& value,
                                     const Frame& frame) {
  if (frame.dialect.shell != Shell::zsh || (name != "aliases" && name != "functions")) return false;
  const auto called = key.text();
  const auto text = value.text();
  if (!called || !text) return true;
  if (name == "aliases") {
    state.aliases[*called] = *text;
    return true;
  }
  uint32_t index = 0;
  const syntax::Tree& tree =
      parse_source(*text, frame.dialect, "function " + *called, {frame.source, {0, 0}}, index);
  state.functions[*called] = {tree.script, index, 0, frame.dialect, nullptr};
  return true;
}

/// name=(…) and name+=(…).
void Evaluator::Impl::assign_array(const std::string& name, std::vector<Value> items, bool append,
                                   const Frame& frame) {
  for (size_t i = 0; i + 1 < items.size(); i += 2)
    if (!assign_special(name, items[i], items[i + 1], frame)) break;
  Variable& variable = state.variables[name];
  variable.alternatives.clear();
  variable.crowded = false;
  variable.array = true;
  if (!append) variable.items.clear();
  const bool counts = variable.integer;
  for (Value& item : items) {
    if (!spend(sizeof(Value) + item.size(), frame)) return;
    variable.items.push_back(item);
  }
  if (!counts) return;
  for (const Value& item : items) evaluate_arithmetic(item, frame);
}

void Evaluator::Impl::report_assignment(const std::string& name, Place place, const Frame& frame) {
  const auto variable = state.variables.find(name);
  if (variable == state.variables.end() || variable->second.items.empty()) return;
  Invocation bare;
  bare.dialect = frame.dialect;
  bare.wrappers = frame.wrappers;
  bare.context = frame.context;
  bare.cwd = state.cwd;
  bare.place = place;
  uint64_t size = 0;
  for (const Value& item : variable->second.items) size += item.size();
  if (!spend(size, frame)) return;
  ResolvedAssignment set{name, variable->second.items.front(), false, place, std::nullopt};
  if (variable->second.array) set.elements = variable->second.items;
  bare.assigns.push_back(std::move(set));
  visitor.on_set(bare, owner);
}

void Evaluator::Impl::change_directory(const Invocation& call) {
  const Argument* target = nullptr;
  for (size_t i = 1; i < call.argv.size(); ++i) {
    const std::string text = call.argv[i].value.with_holes_empty();
    if (text == "--" ||
        ((text == "-P" || text == "-L" || text == "-e" || text == "-q") && call.argv[i].value.is_exact()))
      continue;
    target = &call.argv[i];
    break;
  }
  if (target == nullptr) {
    state.cwd =
        session.home.empty() ? Value::unknown(HoleKind::variable, "HOME") : Value::exact(session.home);
    return;
  }
  const auto text = target->value.text();
  if (!text || *text == "-" || target->value.has_glob()) {
    state.cwd = text && *text == "-" ? Value::unknown(HoleKind::variable, "OLDPWD") : target->value;
    return;
  }
  if (text->starts_with('/')) {
    state.cwd = Value::exact(*text);
    return;
  }
  Value next = state.cwd;
  next.append_literal("/" + *text, false);
  state.cwd = std::move(next);
}

void Evaluator::Impl::set_positional(const Invocation& call) {
  size_t first = 1;
  bool operands = false;
  for (; first < call.argv.size(); ++first) {
    const std::string text = call.argv[first].value.with_holes_empty();
    if (text == "--") {
      operands = true;
      ++first;
      break;
    }
    if (!text.starts_with('-') && !text.starts_with('+')) break;
    if (text == "-o" || text == "+o") ++first;
  }
  if (first >= call.argv.size() && !operands) return;
  state.positional.clear();
  for (size_t i = first; i < call.argv.size(); ++i) state.positional.push_back(call.argv[i].value);
  state.positional_known = call.argv.size() < limits.words;  // else ${5000} may be set
}

/// read -u 3, mapfile -u3: the descriptor that is read; else standard input.
Input Evaluator::Impl::input_read_by(const Invocation& call) const {
  for (size_t i = 1; i < call.argv.size(); ++i) {
    std::string word = call.argv[i].value.with_holes_empty();
    const size_t u = word.starts_with('-') ? word.find('u') : std::string::npos;
    if (u == std::string::npos) continue;
    if (u + 1 == word.size() && i + 1 < call.argv.size()) word += call.argv[i + 1].value.with_holes_empty();
    return input_of(call, word.substr(u + 1), {});
  }
  return call.input;
}

/// mapfile [-t] [-O ORIGIN …] [NAME]: an element for each line.
void Evaluator::Impl::read_lines(const Invocation& call, const Frame& frame) {
  std::string name = "MAPFILE";
  for (size_t i = 1; i < call.argv.size(); ++i) {
    const std::string word = call.argv[i].value.with_holes_empty();
    if (word.size() == 2 && word[0] == '-')
      i += std::string_view("dnOsuCc").find(word[1]) != std::string_view::npos ? 1 : 0;
    else if (is_name(word))
      name = word;
  }
  const Input input = input_read_by(call);
  const bool fed = input.kind == Input::Kind::text || input.kind == Input::Kind::pipe;
  std::vector<Value> lines = fed ? split_items(input.data, "\n") : std::vector<Value>{};
  if (lines.empty() && !(fed && input.data.is_exact()))
    lines.push_back(Value::unknown(HoleKind::input, name));
  for (Value& line : lines) line.taint = input.data.taint;
  assign_array(name, std::move(lines), false, frame);
  report_assignment(name, call.place, frame);
}

/// read [-r] [-a ARRAY] NAME…: the first line of the input, split at blanks, the rest in the last name.
void Evaluator::Impl::read_variables(const Invocation& call, const Frame& frame) {
  const Input input = input_read_by(call);
  const bool fed = input.kind == Input::Kind::text || input.kind == Input::Kind::pipe;
  auto text = fed ? input.data.text() : std::nullopt;
  const std::vector<Value> lines = fed ? split_items(input.data, {"\0\n", 2}) : std::vector<Value>{};
  // The first line may be known where the rest is not; `find` names what it finds by patterns.
  if (!text && !lines.empty()) text = lines.front().text();
  const bool pattern = !lines.empty() && lines.front().has_glob();
  std::string line = text ? text->substr(0, text->find('\n')) : std::string();
  std::vector<std::string> names;
  bool array = false;
  for (size_t i = 1; i < call.argv.size(); ++i) {
    const std::string word = call.argv[i].value.with_holes_empty();
    if (!word.starts_with('-')) {
      if (is_name(word)) names.push_back(word);
      continue;
    }
    array |= word.find('a') != std::string::npos || word.find('A') != std::string::npos;
    if (word.find_first_of("dinNptu", 1) == word.size() - 1) ++i;  // its value is no name
  }
  const auto next = [&line] {
    const size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
    const size_t end = std::min(line.find_first_of(" \t", begin), line.size());
    std::string word = line.substr(begin, end - begin);
    line.erase(0, end);
    return word;
  };
  const auto put = [&](Variable& variable, std::string word) {
    Value value = text ? Value::exact(std::move(word)) : Value::unknown(HoleKind::input, names.back());
    value.taint = input.data.taint;
    variable.items.push_back(std::move(value));
  };
  if (array && !names.empty()) {
    Variable all;
    all.array = true;
    if (!text) put(all, line);
    while (text && line.find_first_not_of(" \t") != std::string::npos) put(all, next());
    assign_array(names.back(), std::move(all.items), false, frame);
    return report_assignment(names.back(), call.place, frame);
  }
  for (size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    std::string word = last ? line.substr(std::min(line.find_first_not_of(" \t"), line.size())) : next();
    Value value = text ? Value::exact(std::move(word)) : Value::unknown(HoleKind::input, names[i]);
    if (pattern && names.size() == 1) value = lines.front();
    value.taint = input.data.taint;
    assign(names[i], std::move(value), false, frame);
    report_assignment(names[i], call.place, frame);
  }
}

/// declare, export, local …: NAME=VALUE; -n makes the value another variable's name, -i what it is given
/// arithmetic. A list stands among the assignments of the call, and is set from there.
void Evaluator::Impl::declare(const Invocation& call, const Frame& frame) {
  bool reference = false, integer = call.program == "integer";
  bool local = call.program != "export" && (call.program != "readonly" || frame.dialect.shell == Shell::zsh);
  for (size_t i = 1; i < call.argv.size(); ++i) {
    const Value& word = call.argv[i].value;
    const std::string head = word.prefix();
    if (head.starts_with('-')) {
      local &= head.find('g') == std::string::npos;
      reference |= head.find('n') != std::string::npos && call.program != "export";
      integer |= head.find('i') != std::string::npos && call.program != "export";
      continue;
    }
    std::string name;
    Value value;
    bool append = false;
    const bool sets = split_assignment(word, name, value, append);
    if (!sets) name = head;
    if (!is_name(name)) continue;
    if (local && make_local(name) && !sets) state.variables[name] = {};
    if (integer && !reference) {
      Variable& variable = state.variables[name];
      if (!sets && variable.items.empty()) variable.items.push_back(Value::unknown(HoleKind::variable, name));
      variable.integer = true;
    }
    const auto written = std::find_if(call.assigns.begin(), call.assigns.end(),
                                      [&name](const ResolvedAssignment& a) { return a.name == name; });
    if (!sets || (written != call.assigns.end() && written->elements)) continue;
    if (reference)
      state.variables[name] = {{std::move(value)}, false, true};
    else
      assign(name, std::move(value), append, frame);
    if (written == call.assigns.end()) report_assignment(name, call.place, frame);
  }
  for (const ResolvedAssignment& a : call.assigns)
    if (a.elements) assign_array(a.name, *a.elements, a.append, frame);
}

bool Evaluator::Impl::make_local(const std::string& name) {
  if (scopes.empty()) return false;
  const auto [at, is_new] = scopes.back().emplace(name, std::nullopt);
  const auto now = state.variables.find(name);
  if (!is_new || now == state.variables.end()) return is_new;
  at->second = std::move(now->second);
  state.variables.erase(now);
  return true;
}

void Evaluator::Impl::leave_function() {
  for (auto& [name, outer] : scopes.back()) {
    if (outer)
      state.variables[name] = std::move(*outer);
    else
      state.variables.erase(name);
  }
  scopes.pop_back();
}

/// Without -f or -v a variable of that name, else a function (bash(1) unset).
void Evaluator::Impl::unset(const Invocation& call) {
  bool functions = false, variables = false;
  for (size_t i = 1; i < call.argv.size(); ++i) {
    const std::string name = call.argv[i].value.with_holes_empty();
    if (name.starts_with('-')) {
      functions |= name.find('f') != std::string::npos;
      variables |= name.find('v') != std::string::npos;
      continue;
    }
    const auto variable = state.variables.find(name);
    const bool is_set = variable != state.variables.end() && !variable->second.items.empty();
    if (functions || (!variables && !is_set)) state.functions.erase(name);
    if (!functions && is_name(name)) state.variables[name] = {};
  }
}

/// fish: set [-gx …] NAME WORD…, set -e NAME.
void Evaluator::Impl::set_fish_variable(const Invocation& call, const Frame& frame) {
  std::vector<Value> words;
  std::string letters;
  for (size_t i = 1; i < call.argv.size(); ++i) {
    const std::string text = call.argv[i].value.prefix();
    if (words.empty() && text.starts_with('-'))
      letters += text.starts_with("--") ? text.substr(2, 1) : text.substr(1);
    else
      words.push_back(call.argv[i].value);
  }
  if (words.empty() || !words.front().text()) return;
  const std::string name = *words.front().text();
  const bool inner = letters.find_first_of("lf") != std::string::npos;
  const bool outer = letters.find_first_of("gU") != std::string::npos;  // else where it is, or here
  if (inner || (!outer && state.variables.find(name) == state.variables.end())) make_local(name);
  if (letters.find('e') != std::string::npos) {
    state.variables.erase(name);
    return;
  }
  words.erase(words.begin());
  state.variables[name] = {words, words.size() != 1};
  report_assignment(name, call.place, frame);
}

void Evaluator::Impl::apply_builtin(const Invocation& call, Value& output, const Frame& frame) {
  const std::string_view program = call.program;  // compared by its length first, unlike a string
  const auto each_operand = [&call](auto&& action) {
    for (size_t i = 1; i < call.argv.size(); ++i)
      if (!call.argv[i].value.prefix().starts_with('-')) action(call.argv[i].value);
  };
  if (program == "cd" || program == "chdir" || program == "pushd") return change_directory(call);
  if (program == "popd") {
    state.cwd = Value::unknown(HoleKind::variable, "OLDPWD");
    return;
  }
  if (program == "set" && call.dialect.shell == Shell::fish) return set_fish_variable(call, frame);
  if (program == "set") return set_positional(call);
  if (program == "shift") {
    if (!state.positional.empty()) state.positional.erase(state.positional.begin());
    return;
  }
  if (program == "unset") return unset(call);
  if (program == "read" || program == "getopts") return read_variables(call, frame);
  if (program == "mapfile" || program == "readarray") return read_lines(call, frame);
  if (program == "ztcp" && call.dialect.shell == Shell::zsh) return open_socket(call, frame);
  if (program == "shopt") {
    const auto given = [&call](std::string_view word) {
      return std::any_of(call.argv.begin(), call.argv.end(),
                         [word](const Argument& a) { return a.value.with_holes_empty() == word; });
    };
    if (given("expand_aliases")) state.expands_aliases = given("-s");
    return;
  }
  if (program == "alias" && call.dialect.shell == Shell::fish) {
    state.expands_aliases = true;  // there an alias is a function, from the next command on
    if (call.argv.size() > 2 && call.argv[1].value.text() && call.argv[2].value.text() &&
        call.argv[1].value.with_holes_empty().find('=') == std::string::npos)
      state.aliases[*call.argv[1].value.text()] = *call.argv[2].value.text();
  }
  if (program == "alias" || program == "unalias") {
    each_operand([&](const Value& v) {
      std::string name;
      Value value;
      bool append = false;
      if (program == "unalias")
        state.aliases.erase(v.with_holes_empty());
      else if (split_assignment(v, name, value, append) && value.text())
        state.aliases[name] = *value.text();
    });
    return;
  }
  if (program == "printf" && call.argv.size() > 2 && call.argv[1].value.with_holes_empty() == "-v") {
    const std::string name = call.argv[2].value.with_holes_empty();
    if (!is_name(name)) return;
    assign(name, std::exchange(output, {}), false, frame);
    return report_assignment(name, call.place, frame);
  }
  static constexpr std::string_view kDeclare[] = {"export",   "declare", "typeset", "local",
                                                  "readonly", "integer", "float"};
  if (among(kDeclare, program)) declare(call, frame);
}

}  // namespace cmdai::resolve
