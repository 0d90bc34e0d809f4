// Data that the shell expands once more: arithmetic and subscripts (bash, zsh), prompts, zsh glob qualifiers.
// A `$(…)` in such a text runs, although it stood in single quotes or came out of a variable.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {
namespace {

bool holds_command(std::string_view text) {
  return text.find("$(") != std::string_view::npos || text.find('`') != std::string_view::npos;
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
  if (!text || !holds_command(*text) || !spend(text->size(), frame)) return;
  uint32_t index = 0;
  Frame inner = frame;
  const syntax::Tree& tree = parse_source(text_to_expand(*text), frame.dialect, "data that is evaluated",
                                          {frame.source, {0, 0}}, index);
  inner.source = index;
  inner.shift = 0;
  isolated(*tree.script, inner);
}

/// The names in an expression are evaluated in turn: `x='a[$(rm y)]'; ((x))`.
void Evaluator::Impl::evaluate_arithmetic(const Value& value, const Frame& frame) {
  if (frame.dialect.shell != Shell::bash && frame.dialect.shell != Shell::zsh) return;
  expand_again(value, frame);
  const std::string text = value.with_holes_empty();
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is_name_byte(text[end])) ++end;
    if (end > at) {
      const auto variable = state.variables.find(text.substr(at, end - at));
      if (variable != state.variables.end() && !variable->second.items.empty())
        expand_again(variable->second.items.front(), frame);
    }
    at = std::max(end, at + 1);
  }
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

/// Builtins that take names with subscripts, or expressions.
void Evaluator::Impl::evaluate_operands(const Invocation& call, const Frame& frame) {
  static constexpr std::string_view kNames[] = {
      "read",    "unset",   "printf", "mapfile", "readarray", "wait",    "test",    "[",     "getopts",
      "declare", "typeset", "local",  "export",  "readonly",  "integer", "nameref", "vared", "print"};
  if (call.program == "let") {
    for (size_t i = 1; i < call.argv.size(); ++i) evaluate_arithmetic(call.argv[i].value, frame);
    return;
  }
  if (!among(kNames, call.program)) return;
  const bool counts =
      call.program == "integer" || std::any_of(call.argv.begin() + 1, call.argv.end(), [](const Argument& a) {
        const std::string option = a.value.prefix();  // declare -i, -n
        return option.starts_with('-') && option.size() < 8 &&
               option.find_first_of("in") != std::string::npos;
      });
  const bool declares = call.program != "read" && call.program != "print" && counts;
  for (size_t i = 1; i < call.argv.size(); ++i) {
    const Value& word = call.argv[i].value;
    const std::string text = word.with_holes_empty();
    size_t name = 0;
    while (name < text.size() && is_name_byte(text[name])) ++name;
    const bool subscript = name > 0 && name < text.size() && text[name] == '[';
    if (subscript || (declares && text.find('=') == name)) evaluate_arithmetic(word, frame);
  }
}

/// zsh `*(e:'code':)`, `*(+name)`: glob qualifiers that run code for each file.
void Evaluator::Impl::run_glob_qualifiers(std::string_view group, const Frame& frame) {
  if (frame.dialect.shell != Shell::zsh || group.size() < 4) return;
  const size_t at = group.find_first_of("e+", 1);
  if (at == std::string_view::npos || at + 2 >= group.size()) return;
  std::string code;
  if (group[at] == '+') {
    size_t end = at + 1;
    while (end < group.size() && is_name_byte(group[end])) ++end;
    code = std::string(group.substr(at + 1, end - at - 1));
  } else {
    const char delimiter = group[at + 1];
    if (is_name_byte(delimiter) || delimiter == ')' || delimiter == '|') return;
    const size_t close = group.find(delimiter, at + 2);
    if (close == std::string_view::npos) return;
    // Between colons stands a word of its own, with its quotes.
    code = delimiter == '\'' ? std::string(group.substr(at + 2, close - at - 2))
                             : "eval " + std::string(group.substr(at + 2, close - at - 2));
  }
  if (code.empty() || !spend(code.size(), frame)) return;
  uint32_t index = 0;
  Frame inner = frame;
  const syntax::Tree& tree =
      parse_source(std::move(code), frame.dialect, "a glob qualifier", {frame.source, {0, 0}}, index);
  inner.source = index;
  inner.shift = 0;
  isolated(*tree.script, inner);
}

}  // namespace cmdai::resolve
