// Data that the shell expands once more: arithmetic and subscripts (bash, zsh), prompts, zsh glob qualifiers.
// A `$(…)` in such a text runs, although it stood in single quotes or came out of a variable.
#include <algorithm>
#include <charconv>
#include <set>

#include "libcore/base/text.hpp"
#include "libcore/resolve/evaluator_impl.hpp"
#include "libcore/resolve/zsh_flags.hpp"

namespace cmdai::resolve {
namespace {

bool holds_command(std::string_view text) {
  return text.find("$(") != std::string_view::npos || text.find('`') != std::string_view::npos;
}

constexpr uint64_t kMostReckoned = 4096;  // steps of one expression

/// A hole of the text is an operand that is not known.
std::string expression_text(const Value& value) {
  std::string out;
  for (const Piece& p : value.pieces()) {
    if (p.hole)
      out += kUnknownOperand;
    else
      out += p.text;
  }
  return out;
}

bool is_name_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

std::string text_to_expand(std::string_view text) {
  size_t run = 0, longest = 0;  // the here-document ends with one `_` more than stand together in the text
  for (const char c : text) longest = std::max(longest, run = c == '_' ? run + 1 : 0);
  const std::string end(longest + 1, '_');
  return ": <<" + end + '\n' + std::string(text) + '\n' + end + '\n';
}

void Evaluator::Impl::expand_again(const Value& value, const Frame& frame) {
  const auto text = value.text();
  if (text && holds_command(*text)) run_text(text_to_expand(*text), "data that is evaluated", frame);
}

/// The names in an expression are evaluated in turn, and what they hold: `x='a[$(rm y)]'; z=x; ((z))`.
void Evaluator::Impl::evaluate_arithmetic(const Value& value, const Frame& frame) {
  if (frame.dialect.shell != Shell::bash && frame.dialect.shell != Shell::zsh) return;
  std::vector<Value> pending{value};
  std::set<std::string, std::less<>> seen;  // `x[` is all elements of x, x the first
  while (!pending.empty() && !complained) {
    const Value expression = std::move(pending.back());
    pending.pop_back();
    expand_again(expression, frame);
    const std::string text = expression.with_holes_empty();
    if (!spend(text.size(), frame)) return;
    for (size_t at = 0; at < text.size();) {
      size_t end = at;
      while (end < text.size() && is_name_byte(text[end])) ++end;
      const std::string_view name = std::string_view(text).substr(at, end - at);
      at = std::max(end, at + 1);
      const auto variable = name.empty() ? state.variables.end() : state.variables.find(name);
      if (variable == state.variables.end() || variable->second.items.empty()) continue;
      const bool element = end < text.size() && text[end] == '[';
      if (!seen.insert(std::string(name) + (element ? "[" : "")).second) continue;
      const auto& items = variable->second.items;
      for (size_t i = 0; i < (element ? items.size() : 1); ++i) {
        if (!spend(sizeof(Value) + items[i].size(), frame)) return;
        pending.push_back(items[i]);
      }
    }
  }
}

/// The variables of the line. `uncertain`: what is assigned may not have been.
class Evaluator::Impl::Names : public ArithmeticNames {
 public:
  Names(Impl& impl, const Frame& frame, bool uncertain) : impl_(impl), frame_(frame), uncertain_(uncertain) {}

  std::optional<std::string> value(const ArithmeticPlace& place) override {
    const std::vector<Value> items = impl_.lookup(place.name);
    if (!place.indexed) return items.size() == 1 ? items.front().text() : std::nullopt;
    const auto known = impl_.state.variables.find(place.name);
    const bool array = known != impl_.state.variables.end() && known->second.array;
    const int64_t first = frame_.dialect.shell == Shell::zsh ? 1 : 0;
    const int64_t at = place.index.value_or(-1) - first;
    if (!array || at < 0 || at >= static_cast<int64_t>(items.size())) return std::nullopt;
    return items[static_cast<size_t>(at)].text();
  }

  void assign(const ArithmeticPlace& place, Integer value) override {
    const std::string name(place.name);
    const bool known = value.has_value() && !uncertain_;
    Value result =
        known ? Value::exact(std::to_string(*value)) : Value::unknown(HoleKind::arithmetic, {}, false);
    if (!place.indexed) return impl_.assign(name, std::move(result), false, frame_);
    const Value index = place.index ? Value::exact(std::to_string(*place.index))
                                    : Value::unknown(HoleKind::arithmetic, {}, false);
    impl_.assign_element(name, index, std::move(result), false, frame_);
  }

 private:
  Impl& impl_;
  const Frame& frame_;
  bool uncertain_;
};

Integer Evaluator::Impl::count(const Value& expression, const Frame& frame, bool may_not_run) {
  std::string text = expression_text(expression);
  if (complained || !spend(text.size(), frame)) return std::nullopt;
  if (frame.dialect.shell != Shell::sh)
    std::erase(text, '"');  // bash(1), ARITHMETIC EVALUATION: they are removed
  Names names(*this, frame, may_not_run);
  uint64_t steps = kMostReckoned;
  const Integer value = evaluate(text, frame.dialect, names, steps);
  spend(kMostReckoned - steps, frame);
  return value;
}

Value Evaluator::Impl::arithmetic(const syntax::Word& word, const Frame& frame) {
  const Value value = single(word, frame);
  evaluate_arithmetic(value, frame);
  const Integer number = count(value, frame);
  return number ? Value::exact(std::to_string(*number)) : Value::unknown(HoleKind::arithmetic, {}, false);
}

/// In fish an index is a number and nothing else.
Integer Evaluator::Impl::index_number(const Value& index, const Frame& frame) {
  if (frame.dialect.shell != Shell::fish) return count(index, frame);
  const auto text = index.text();
  int64_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

std::optional<Slice> Evaluator::Impl::slice_in(const Value& value, const Frame& frame) {
  const auto text = value.text();
  if (!text) return std::nullopt;
  const size_t colon = range_colon(*text);
  const Integer offset = count(Value::exact(text->substr(0, colon)), frame);
  if (!offset) return std::nullopt;
  if (colon == std::string::npos) return Slice{*offset, std::nullopt};
  const Integer length = count(Value::exact(text->substr(colon + 1)), frame);
  if (!length) return std::nullopt;
  return Slice{*offset, length};
}

/// declare -a 'name=(…)': the words in the brackets are read as if they stood there unquoted.
void Evaluator::Impl::evaluate_compound(const Value& word, const Frame& frame) {
  if (auto text = word.text()) run_text(std::move(*text), "a list that is evaluated", frame);
}

/// [[ … ]]: the operands of -eq and the like are arithmetic, that of -v is a subscript.
void Evaluator::Impl::walk_test(const syntax::Command& command, const Frame& frame) {
  static constexpr std::string_view kArithmetic[] = {"-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v", "-R"};
  bool evaluates = false;
  std::vector<Value> words;
  for (const syntax::Word* w : command.words) {
    if (complained) return;
    words.push_back(single(*w, frame));
    evaluates |= among(kArithmetic, words.back().with_holes_empty());
  }
  if (!evaluates) return;
  for (const Value& word : words) evaluate_arithmetic(word, frame);
}

/// Whether a builtin takes this word for a name with a subscript.
bool Evaluator::Impl::is_subscripted(const Invocation& call, size_t at) const {
  const std::string before = at > 1 ? call.argv[at - 1].value.with_holes_empty() : std::string();
  if (call.program == "printf") return before == "-v";
  if (call.program != "test" && call.program != "[") return true;
  static constexpr std::string_view kNames[] = {"-v", "-R"};
  return among(kNames, before) || call.dialect.shell == Shell::zsh;  // there -eq takes expressions too
}

/// zsh `print -P`: its words are expanded as a prompt is, `$(…)` too when prompt_subst is set.
void Evaluator::Impl::print_prompts(const Invocation& call, const Frame& frame) {
  const bool prompts = std::any_of(call.argv.begin() + 1, call.argv.end(), [](const Argument& a) {
    const std::string word = a.value.prefix();
    return word.size() > 1 && word[0] == '-' && word.size() < 8 && word.find('P') != std::string::npos;
  });
  if (frame.dialect.shell != Shell::zsh || !prompts) return;
  for (size_t i = 1; i < call.argv.size(); ++i) expand_again(call.argv[i].value, frame);
}

/// Builtins that take names with subscripts, or expressions.
void Evaluator::Impl::evaluate_operands(const Invocation& call, const Frame& frame) {
  static constexpr std::string_view kNames[] = {
      "read",    "unset",   "printf", "mapfile", "readarray", "wait",    "test",    "[",     "getopts",
      "declare", "typeset", "local",  "export",  "readonly",  "integer", "nameref", "vared", "print"};
  if (call.program == "let") {
    for (size_t i = 1; i < call.argv.size(); ++i) {
      evaluate_arithmetic(call.argv[i].value, frame);
      count(call.argv[i].value, frame);
    }
    return;
  }
  if (!among(kNames, call.program)) return;
  if (call.program == "print") return print_prompts(call, frame);
  std::string letters = call.program == "integer" ? "i" : "";  // declare -i, -n, -a
  for (size_t i = 1; i < call.argv.size(); ++i)
    if (const std::string option = call.argv[i].value.prefix(); option.starts_with('-') && option.size() < 8)
      letters += option;
  const bool takes_values = call.program != "read" && call.program != "printf";
  const bool counts = takes_values && letters.find_first_of("in") != std::string::npos;
  const bool lists = takes_values && letters.find_first_of("aA") != std::string::npos;
  for (size_t i = 1; i < call.argv.size(); ++i) {
    const Value& word = call.argv[i].value;
    const std::string text = word.with_holes_empty();
    size_t name = 0;
    while (name < text.size() && is_name_byte(text[name])) ++name;
    if (name == 0 || name >= text.size()) continue;
    const bool subscript = text[name] == '[' && is_subscripted(call, i);
    if (subscript || (counts && text[name] == '=')) evaluate_arithmetic(word, frame);
    if (lists && text.compare(name, 2, "=(") == 0) evaluate_compound(word, frame);
  }
}

/// zsh `*(e:'code':)`, `*(+name)`: glob qualifiers that run code for each file.
void Evaluator::Impl::run_glob_qualifiers(std::string_view group, const Frame& frame) {
  if (frame.dialect.shell != Shell::zsh || group.size() < 4 || !spend(group.size(), frame)) return;
  for (std::string& code : qualifier_codes(group)) run_text(std::move(code), "a glob qualifier", frame);
}

/// Code of this shell that no program call brings in.
void Evaluator::Impl::run_text(std::string code, std::string name, const Frame& frame) {
  if (!spend(code.size(), frame)) return;
  uint32_t index = 0;
  Frame inner = frame;
  const syntax::Tree& tree =
      parse_source(std::move(code), frame.dialect, std::move(name), {frame.source, {0, 0}}, index);
  inner.source = index;
  inner.shift = 0;
  isolated(*tree.script, inner);
}

}  // namespace cmdai::resolve
