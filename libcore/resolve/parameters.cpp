// $name, ${name op word} on what is known.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "libcore/resolve/evaluator_impl.hpp"
#include "libcore/resolve/zsh_flags.hpp"
#include "libcore/syntax/builder.hpp"

namespace cmdai::resolve {
namespace {

/// ${x~} and ${x~~}: upper for lower and lower for upper.
std::string swapped(std::string text, bool all) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    c = static_cast<char>(std::isupper(byte) != 0 ? std::tolower(byte) : std::toupper(byte));
    if (!all) break;
  }
  return text;
}

std::string upper(std::string text, bool all) {
  for (size_t i = 0; i < (all ? text.size() : std::min<size_t>(1, text.size())); ++i)
    text[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[i])));
  return text;
}

std::string lower(std::string text, bool all) {
  for (size_t i = 0; i < (all ? text.size() : std::min<size_t>(1, text.size())); ++i)
    text[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
  return text;
}

std::string remove_prefix(const std::string& text, std::string_view pattern, bool longest, uint64_t& steps) {
  const size_t size = text.size();
  for (size_t i = 0; i <= size; ++i) {
    const size_t n = longest ? size - i : i;
    if (glob_match(pattern, std::string_view(text).substr(0, n), steps)) return text.substr(n);
  }
  return text;
}

std::string remove_suffix(const std::string& text, std::string_view pattern, bool longest, uint64_t& steps) {
  const size_t size = text.size();
  for (size_t i = 0; i <= size; ++i) {
    const size_t from = longest ? i : size - i;
    if (glob_match(pattern, std::string_view(text).substr(from), steps)) return text.substr(0, from);
  }
  return text;
}

std::string replace(const std::string& text, std::string_view pattern, const std::string& with,
                    std::string_view op, uint64_t& steps) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    size_t length = 0;
    for (size_t n = text.size() - at; n > 0 && length == 0 && steps > 0; --n) {
      if (op == "/%" && at + n != text.size()) continue;
      if (glob_match(pattern, std::string_view(text).substr(at, n), steps)) length = n;
    }
    if (length == 0) {
      if (op == "/#") break;
      out += text[at++];
      continue;
    }
    out += with;
    at += length;
    if (op != "//") break;
  }
  return out + text.substr(at);
}

std::optional<int64_t> integer(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || result.ec != std::errc() || result.ptr != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// What a pattern says: the glob characters that were quoted lose their meaning.
std::string pattern_text(const Value& value) {
  std::string out;
  for (const Piece& p : value.pieces()) {
    for (const char c : p.text) {
      if (!p.active && (c == '*' || c == '?' || c == '[' || c == '\\')) out += '\\';
      out += c;
    }
  }
  return out;
}

/// At each separator; "": every byte for itself.
std::vector<std::string> split_text(const std::string& text, const std::string& separator) {
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = separator.empty() ? at + 1 : std::min(text.find(separator, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + separator.size();
  }
  return out;
}

bool is_list_index(const syntax::Word* index) {
  return index != nullptr && index->parts.size() == 1 &&
         (index->parts[0].text == "@" || index->parts[0].text == "*");
}

constexpr size_t kLargestTransformed = 4096;  // the pattern operators are quadratic: keep their texts short
constexpr uint64_t kMostSteps = 1U << 18;     // and cubic where a * has to be tried at every place

}  // namespace

void Evaluator::Impl::note_unknown(std::string_view name) {
  if (name.empty() || !syntax::is_name_start(name[0])) return;
  if (std::find(unknown_variables.begin(), unknown_variables.end(), name) == unknown_variables.end())
    unknown_variables.emplace_back(name);
}

bool Evaluator::Impl::is_set(std::string_view name) const {
  if (state.variables.find(name) != state.variables.end()) return true;
  return name == "HOME" || name == "PWD" || name == "USER" || name == "PATH" || name == "IFS" ||
         name == "SHELL" || name == "UID";
}

std::vector<Value> Evaluator::Impl::lookup(std::string_view name) {
  std::string target;  // a reference leads to another name; a ring of them ends here
  for (int steps = 0; steps < 8; ++steps) {
    const auto it = state.variables.find(name);
    if (it == state.variables.end()) break;
    if (!it->second.reference) return it->second.items;
    target = it->second.items.empty() ? "" : it->second.items.front().with_holes_empty();
    name = target;
  }
  if (name == "HOME")
    return {session.home.empty() ? Value::unknown(HoleKind::variable, "HOME") : Value::exact(session.home)};
  if (name == "PWD") return {state.cwd};
  if (name == "IFS") return {Value::exact(" \t\n")};
  if ((name == "USER" || name == "LOGNAME") && !session.user.empty()) return {Value::exact(session.user)};
  if (name == "@" || name == "*" || name == "argv") {
    if (state.positional_known) return state.positional;
    return {Value::unknown(HoleKind::positional, "@")};
  }
  if (name == "0") return {state.script_name};
  if (name == "#" && state.positional_known) return {Value::exact(std::to_string(state.positional.size()))};
  if (!name.empty() && syntax::is_digit(name[0])) {
    const auto index = integer(name);
    if (state.positional_known && index && *index >= 1)
      return *index <= static_cast<int64_t>(state.positional.size())
                 ? std::vector<Value>{state.positional[static_cast<size_t>(*index - 1)]}
                 : std::vector<Value>{};
    return {Value::unknown(HoleKind::positional, std::string(name))};
  }
  note_unknown(name);
  return {Value::unknown(HoleKind::variable, std::string(name))};
}

std::vector<Value> Evaluator::Impl::parameter(const syntax::Part& part, const Frame& frame, bool& list,
                                              bool& joined) {
  std::vector<Value> items = plain_parameter(part, frame, list, joined);
  const std::string_view flags = part.parameter()->flags;
  return flags.empty() ? items : apply_flags(flags, std::move(items), frame, list);
}

/// zsh ${(flags)…}: they work on what the rest of the expansion gives.
std::vector<Value> Evaluator::Impl::apply_flags(std::string_view text, std::vector<Value> items,
                                                const Frame& frame, bool& list) {
  const ExpansionFlags flags = expansion_flags(text);
  if (flags.indirect && !items.empty()) {
    const auto name = items.front().text();
    items = name ? lookup(*name) : std::vector<Value>{Value::unknown(HoleKind::variable)};
    if (name && name->find('[') != std::string::npos) evaluate_arithmetic(Value::exact(*name), frame);
  }
  if (flags.join) {
    Value all;
    for (size_t i = 0; i < items.size() && spend(items[i].size(), frame); ++i) {
      if (i > 0) all.append_literal(*flags.join, false);
      all.append(items[i]);
    }
    items = {std::move(all)};
    list = false;
  }
  const auto each = [&items](auto&& change) {
    for (Value& item : items) {
      const auto known = item.text();
      if (!known) continue;
      const Taint taint = item.taint;
      item = Value::exact(change(*known));
      item.taint = taint;
    }
  };
  if (flags.lower) each([](const std::string& s) { return lower(s, true); });
  if (flags.upper) each([](const std::string& s) { return upper(s, true); });
  if (flags.unquotes)
    each([](std::string s) {
      std::erase_if(s, [](char c) { return c == '\'' || c == '"' || c == '\\'; });
      return s;
    });
  if (flags.evaluates)
    for (const Value& item : items) expand_again(item, frame);
  if (!flags.split && !flags.words) return items;
  std::vector<Value> pieces;
  for (const Value& item : items) {
    const auto known = item.text();
    if (!known || !spend(known->size(), frame)) return items;
    for (std::string& piece : split_text(*known, flags.words ? std::string(" ") : *flags.split)) {
      if (pieces.size() >= limits.words) return items;
      if (piece.empty()) continue;
      pieces.push_back(Value::exact(std::move(piece)));
      pieces.back().taint = item.taint;
    }
  }
  list = true;
  return pieces;
}

std::vector<Value> Evaluator::Impl::plain_parameter(const syntax::Part& part, const Frame& frame, bool& list,
                                                    bool& joined) {
  const syntax::Parameter& p = *part.parameter();
  std::vector<Value> items;
  bool was_set = true;
  if (frame.dialect.shell == Shell::fish && p.argument != nullptr)
    walk_word(p.argument, frame);  // $x[1][(…)]
  if (p.op == "nested" || (p.argument2 != nullptr && frame.dialect.shell == Shell::zsh && p.name.empty())) {
    const syntax::Word* nested = p.op == "nested" ? p.argument : p.argument2;
    items = {single(*nested, frame)};
    if (p.op == "nested") return items;
  } else {
    std::string name(p.name);
    if (p.indirect) {
      const std::vector<Value> target = lookup(name);
      const auto text = target.empty() ? std::nullopt : target.front().text();
      if (!text && p.index != nullptr) walk_word(p.index, frame);  // `$$x[(…)]` runs it all the same
      if (target.empty()) return {};                               // ${!*} without positional parameters
      if (!text) return {Value::unknown(HoleKind::variable, name)};
      name = *text;
      if (name.find('[') != std::string::npos) evaluate_arithmetic(*target.begin(), frame);
    }
    list = name == "@" || name == "*" || is_list_index(p.index);
    joined = name == "*" || (is_list_index(p.index) && p.index->parts[0].text == "*");
    was_set = is_set(name) || (!name.empty() && !syntax::is_name_start(name[0]));
    items = lookup(name);
    const auto known = state.variables.find(name);
    const bool words = name == "argv" && state.positional_known &&  // fish and zsh: $@ as a list
                       (frame.dialect.shell == Shell::fish || frame.dialect.shell == Shell::zsh);
    const bool array = words || (known != state.variables.end() && known->second.array);
    if (frame.dialect.shell == Shell::fish || frame.dialect.shell == Shell::zsh)
      list |= array && p.index == nullptr;
    if (p.index != nullptr && !is_list_index(p.index)) {
      const Value index = single(*p.index, frame);
      evaluate_arithmetic(index, frame);
      Integer number = index_number(index, frame);
      if (number && (frame.dialect.shell == Shell::fish || frame.dialect.shell == Shell::zsh) && *number > 0)
        --*number;
      const auto size = static_cast<int64_t>(items.size());
      if (number && *number < 0) *number += size;
      if (!array || !number)
        items = {Value::unknown(HoleKind::variable, name)};
      else
        items = *number >= 0 && *number < size ? std::vector<Value>{items[static_cast<size_t>(*number)]}
                                               : std::vector<Value>{};
    } else if (array && !list && items.size() > 1) {
      items.resize(1);  // $a is ${a[0]} in bash
    }
  }
  if (p.length) {
    if (list) return {Value::exact(std::to_string(items.size()))};
    const auto text = items.size() == 1 ? items.front().text() : std::nullopt;
    return {text ? Value::exact(std::to_string(text->size())) : Value::unknown(HoleKind::other)};
  }
  if (p.op.empty()) return items;
  return list && p.op == ":" ? list_slice(p, std::move(items), frame)
                             : apply(p, std::move(items), was_set, frame);
}

/// ${@:2}, ${array[@]:1:3}: elements, where a plain ${x:1} takes bytes. ${@:0} begins with $0.
std::vector<Value> Evaluator::Impl::list_slice(const syntax::Parameter& p, std::vector<Value> items,
                                               const Frame& frame) {
  const Value range = p.argument != nullptr ? single(*p.argument, frame) : Value();
  evaluate_arithmetic(range, frame);
  const bool positional = p.index == nullptr && (p.name == "@" || p.name == "*");
  const std::optional<Slice> bounds = slice_in(range, frame);
  if (!bounds || (positional && !state.positional_known)) return items;  // some of them
  if (positional) items.insert(items.begin(), state.script_name);
  const auto size = static_cast<int64_t>(items.size());
  const int64_t from = bounds->offset < 0 ? bounds->offset + size : bounds->offset;
  if (from < 0 || from >= size) return {};
  int64_t count = std::min(bounds->length.value_or(size), size - from);
  if (count < 0) count = 0;  // an error in bash; from the end in zsh
  return {items.begin() + from, items.begin() + from + count};
}

std::vector<Value> Evaluator::Impl::apply(const syntax::Parameter& p, std::vector<Value> items, bool was_set,
                                          const Frame& frame) {
  const std::string_view op = p.op;
  const char kind = op.back();
  if (op == "bad") {
    if (p.argument2 != nullptr) walk_word(p.argument2, frame);
    return items;
  }
  const bool value_op =
      (op.size() == 1 || op[0] == ':') && (kind == '-' || kind == '=' || kind == '?' || kind == '+');
  if (value_op && p.argument != nullptr) {
    const bool colon = op.size() == 2;
    const bool empty = items.empty() || (colon && items.size() == 1 && items.front().is_exact() &&
                                         items.front().with_holes_empty().empty());
    // An unknown variable is most likely unset where a default stands: the default is what can be judged.
    const bool unset = !was_set || empty;
    Value word = single(*p.argument, frame);
    if (kind == '+')
      return unset ? (was_set ? std::vector<Value>{} : std::vector<Value>{word}) : std::vector<Value>{word};
    if (!unset || kind == '?') return items;
    if (kind == '=') {
      assign(std::string(p.name), word, false, frame);
      report_assignment(std::string(p.name), place(p.argument->range, frame), frame);
    }
    return {word};
  }
  if (op == "@" && p.argument != nullptr) {
    const Value letter = single(*p.argument, frame);
    if (letter.with_holes_empty() == "P")
      for (const Value& item : items) expand_again(item, frame);
    return items;
  }
  std::vector<Value> out;
  for (const Value& item : items) {
    const auto text = item.text();
    if (!text || text->size() > kLargestTransformed) {
      const Value argument = p.argument != nullptr ? single(*p.argument, frame) : Value();
      if (op == ":") evaluate_arithmetic(argument, frame);
      if (p.argument2 != nullptr) single(*p.argument2, frame);
      out.push_back(Value::unknown(HoleKind::variable, std::string(p.name)));
    } else {
      out.push_back(transform(p, *text, frame));
    }
    out.back().taint = item.taint;
  }
  return out;
}

Value Evaluator::Impl::transform(const syntax::Parameter& p, const std::string& text, const Frame& frame) {
  const std::string_view op = p.op;
  const Value argument = p.argument != nullptr ? single(*p.argument, frame) : Value();
  if (!spend(text.size(), frame)) return Value::unknown(HoleKind::variable, std::string(p.name));
  if (op == ":") evaluate_arithmetic(argument, frame);
  if (!argument.is_exact()) return Value::unknown(HoleKind::variable, std::string(p.name));
  const std::string pattern = pattern_text(argument);
  uint64_t steps = kMostSteps;
  const auto known = [this, &steps, &p, &frame](std::string result) {
    spend((kMostSteps - steps) / 16, frame);
    return steps > 0 ? Value::exact(std::move(result))
                     : Value::unknown(HoleKind::variable, std::string(p.name));
  };
  if (op == "#" || op == "##") return known(remove_prefix(text, pattern, op == "##", steps));
  if (op == "%" || op == "%%") return known(remove_suffix(text, pattern, op == "%%", steps));
  if (op[0] == '^') return Value::exact(upper(text, op == "^^"));
  if (op[0] == ',') return Value::exact(lower(text, op == ",,"));
  if (op[0] == '~') return Value::exact(swapped(text, op == "~~"));
  if (op[0] == '/') {
    const Value with = p.argument2 != nullptr ? single(*p.argument2, frame) : Value();
    if (!with.is_exact()) return Value::unknown(HoleKind::variable, std::string(p.name));
    return known(replace(text, pattern, with.with_holes_empty(), op, steps));
  }
  if (op == ":") {
    const std::optional<Slice> bounds = slice_in(argument, frame);
    if (!bounds) return Value::unknown(HoleKind::variable, std::string(p.name));
    const auto size = static_cast<int64_t>(text.size());
    const int64_t from = bounds->offset < 0 ? bounds->offset + size : bounds->offset;
    if (from < 0 || from > size) return {};
    int64_t count = bounds->length.value_or(size);
    if (count < 0) count = std::max<int64_t>(0, size - from + count);
    return Value::exact(text.substr(static_cast<size_t>(from), static_cast<size_t>(count)));
  }
  return Value::unknown(HoleKind::variable, std::string(p.name));
}

}  // namespace cmdai::resolve
