// [[ … ]]: its own little grammar. Operators and operands end up as words, in order.
#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {
namespace {

bool is_unary(std::string_view w) {
  return w.size() == 2 && w[0] == '-' &&
         std::string_view("abcdefghknoprstuvwxzGLNORS").find(w[1]) != std::string_view::npos;
}

bool is_binary(std::string_view w) {
  static constexpr std::string_view kOperators[] = {"=",   "==",  "!=",  "=~",  "-eq", "-ne", "-lt",
                                                    "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "-pcre-match"};
  for (std::string_view op : kOperators)
    if (op == w) return true;
  return false;
}

}  // namespace

void PosixParser::test_blanks() {
  do {
    skip_blanks();
  } while (take_newline());
}

/// bash takes no newline behind a lone word or an operator.
void PosixParser::test_blanks_behind_word() { is_bash() ? skip_blanks() : test_blanks(); }

void PosixParser::test_operator(std::string_view op) {
  const uint32_t begin = pos_;
  const size_t mark = parts_.mark();
  pos_ += static_cast<uint32_t>(op.size());
  add_text(begin, pos_, false, false);
  words_.push(finish_word(begin, mark));
}

void PosixParser::test_word(Mode mode) {
  if (at_end()) return expected("a word in `[[ ]]`");
  const uint32_t begin = pos_;
  if (mode == Mode::word && !word_starts() && peek() != '(') return expected("a word in `[[ ]]`");
  if (mode == Mode::word && peek() == '(' && !is_zsh()) return expected("a word in `[[ ]]`");
  if (mode == Mode::regex) {
    // Parentheses and | belong to the expression; blanks inside ( ) do too.
    const size_t mark = parts_.mark();
    uint32_t depth = 0;
    Nesting nesting(budget_, options_.limits);
    while (!failed() && !at_end()) {
      const char c = peek();
      if ((c == ' ' || c == '\t' || c == '\n') && depth == 0) break;
      if (c == '(') ++depth;
      if (c == ')') {
        if (depth == 0) break;
        --depth;
      }
      if ((c == '&' && peek(1) == '&') && depth == 0) break;
      if (c == ';' && depth == 0 && is_bash()) break;
      if (std::string_view("()|<>&; \t\n").find(c) != std::string_view::npos) {
        add_text(pos_, pos_ + 1, false, false);
        ++pos_;
        continue;
      }
      const uint32_t at = pos_;
      parts(Mode::word);
      if (pos_ == at) ++pos_;
    }
    words_.push(finish_word(begin, mark));
    if (pos_ == begin) expected("a regular expression");
    return;
  }
  words_.push(word(mode));
}

void PosixParser::test_primary() {
  Nesting nesting(budget_, options_.limits);
  if (!nesting.ok) return fail(Status::too_complex, pos_, "nested too deeply");
  test_blanks();
  while (keyword_ahead("!")) {
    test_operator("!");
    test_blanks();
  }
  if (at_end()) return expected("`]]`");
  if (peek() == '(') {
    ++pos_;
    test_or();
    test_blanks();
    if (at_end() || peek() != ')') return expected("`)` in `[[ ]]`");
    ++pos_;
    return;
  }
  std::string_view first = literal_ahead();
  const bool unary = is_unary(first);
  if (first == "]]") return expected("an expression in `[[ ]]`");
  test_word();
  if (failed()) return;
  test_blanks_behind_word();
  if (at_end()) return expected("`]]`");
  if (unary && is_bash()) {  // whatever follows is its operand, but for the end
    if (keyword_ahead("]]")) return expected("an operand");
    return test_word();
  }
  const char c = peek();
  if (c == '\n') return expected("an operator in `[[ ]]`");
  const bool ends =
      (c == '&' && peek(1) == '&') || (c == '|' && peek(1) == '|') || c == ')' || keyword_ahead("]]");
  if (ends) return;
  if (c == '<' || c == '>') {
    test_operator(c == '<' ? "<" : ">");
    test_blanks_behind_word();
    return test_word();
  }
  const std::string_view second = literal_ahead();
  // zsh takes any `-word` for an operator: modules may bring their own.
  if (is_binary(second) || (is_zsh() && !unary && second.size() > 1 && second[0] == '-')) {
    const bool regex = second == "=~";
    test_operator(second);
    test_blanks_behind_word();
    if (!regex && keyword_ahead("]]")) return expected("an operand");
    return test_word(regex ? Mode::regex : Mode::word);
  }
  if (unary) return test_word();
  if (is_zsh()) return test_word();
  expected("an operator in `[[ ]]`");
}

void PosixParser::test_and() {
  test_primary();
  while (test_blanks(), !failed() && peek() == '&' && peek(1) == '&') {
    test_operator("&&");
    test_primary();
  }
}

void PosixParser::test_or() {
  test_and();
  while (test_blanks(), !failed() && peek() == '|' && peek(1) == '|') {
    test_operator("||");
    test_and();
  }
}

void PosixParser::test_expression(Command& c) {
  c.kind = CommandKind::test;
  const size_t mark = words_.mark();
  test_or();
  test_blanks();
  if (!failed() && !take_keyword("]]")) expected("`]]`");
  c.words = words_.take(mark, arena_);
}

}  // namespace cmdai::syntax
