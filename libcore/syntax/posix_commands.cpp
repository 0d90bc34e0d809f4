// Commands: which kind stands here, and the simple ones.
#include <algorithm>
#include <utility>

#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {
namespace {

constexpr std::string_view kDeclarations[] = {"declare", "typeset", "export", "readonly",
                                              "local",   "integer", "float",  "let"};

bool is_declaration(std::string_view name, const Dialect& dialect) {
  if (dialect.shell == Shell::sh || (name == "let" && dialect.shell != Shell::bash)) return false;
  for (std::string_view d : kDeclarations)
    if (d == name) return true;
  return false;
}

constexpr ByteSet kAssigning("=[");

/// dash takes names of letters, digits and _ for functions, unquoted.
bool is_plain_name(const Word& word) {
  if (word.parts.size() != 1 || word.parts[0].kind != PartKind::text) return false;
  const std::string_view text = word.parts[0].text;
  return is_name_start(text[0]) && std::all_of(text.begin(), text.end(), is_name_char);
}

}  // namespace

const Command* PosixParser::command() {
  const uint32_t begin = pos_;
  Nesting nesting(budget_, options_.limits);
  if (!nesting.ok) fail(Status::too_complex, pos_, "nested too deeply");
  spend();
  Command* c = arena_.make<Command>();
  const std::string_view keyword = literal_ahead();
  bool is_compound = false;
  if (!at_end() && peek() == '(') {
    is_compound = true;
    if (is_zsh() && peek(1) == ')') {  // () { … } arguments
      c->kind = CommandKind::function;
      pos_ += 2;
      function_body(*c);
      const size_t words = words_.mark();
      while (skip_blanks(), !failed() && word_starts()) words_.push(word());
      more(*c).arguments = words_.take(words, arena_);
    } else if (is_sh() || !double_paren(*c)) {
      subshell(*c);
    }
  } else if (!keyword.empty() || (is_zsh() && peek() == '{' && !at_end())) {
    is_compound = compound(keyword, *c);
  }
  if (!is_compound) return simple(c, begin, keyword);
  const size_t redirects = redirects_.mark();
  trailing_redirects();
  c->redirects = redirects_.take(redirects, arena_);
  c->range = {begin, pos_};
  return c;
}

void PosixParser::trailing_redirects() {
  while (!failed()) {
    skip_blanks();
    if (!redirect()) return;
  }
}

bool PosixParser::reserved_ahead() const {
  if (peek() == '(' || (peek() == '{' && (peek(1) == ' ' || peek(1) == '\t' || peek(1) == '\n'))) return true;
  const std::string_view w = literal_ahead();
  for (std::string_view word : {"if", "for", "while", "until", "case", "select", "repeat", "function",
                                "foreach", "time", "coproc", "!", "[["})
    if (w == word) return true;
  return false;
}

/// Behind redirects: reads the compound command that starts here, if one does.
bool PosixParser::compound_ahead(Command& c) {
  skip_blanks();
  if (at_end() || failed()) return false;
  if (peek() == '(') {
    if (!double_paren(c)) subshell(c);
  } else {
    if (!compound(literal_ahead(), c)) return false;
  }
  trailing_redirects();
  return true;
}

/// Most arguments, without the questions that others raise.
void PosixParser::plain_arguments() {
  uint32_t at = pos_;
  while (const Word* w = plain_word()) {
    note(TokenKind::word, at);
    words_.push(w);
    skip_blanks();
    at = pos_;
  }
}

/// `literal` is what literal_ahead() sees here.
const Command* PosixParser::simple(Command* c, uint32_t begin, std::string_view literal) {
  const size_t assigns = assigns_.mark(), words = words_.mark(), redirects = redirects_.mark();
  const uint32_t start = pos_;
  // `a=b`, `a[ $x ]=b`: without one of these in sight the first word is not looked through for more.
  const bool may_assign = literal.empty() || has_any_of(literal, kAssigning);
  bool declares = false;
  while (!failed()) {
    skip_blanks();
    if (!declares && !words_.empty_since(words)) plain_arguments();
    if (at_end()) break;
    if (redirect()) {
      // zsh: a compound command may stand behind redirects.
      if (is_zsh() && words_.empty_since(words) && assigns_.empty_since(assigns) && compound_ahead(*c)) break;
      continue;
    }
    if (words_.empty_since(words) && (may_assign || pos_ != start) && assignment()) continue;
    if (failed()) break;
    if (is_zsh() && words_.empty_since(words) && !assigns_.empty_since(assigns) && reserved_ahead()) {
      fail(Status::invalid, pos_, "a reserved word behind an assignment");
      break;
    }
    if (peek() == '(' && !at_end() && words_.count_since(words) > 0) {
      uint32_t close = pos_ + 1;
      while (close < end_ && (src_[close] == ' ' || src_[close] == '\t')) ++close;
      const bool parentheses = close < end_ && src_[close] == ')';
      const bool one_name = words_.count_since(words) == 1 && assigns_.empty_since(assigns) &&
                            redirects_.empty_since(redirects);
      if (parentheses && (one_name || (is_zsh() && assigns_.empty_since(assigns)))) {
        if (is_sh() && !is_plain_name(*words_.back())) {
          fail(Status::invalid, pos_, "bad function name");
          break;
        }
        pos_ = close + 1;
        c->kind = CommandKind::function;
        function_body(*c);
        break;
      }
      if (!is_zsh()) {
        fail(Status::invalid, pos_, "unexpected `(`");
        break;
      }
    }
    if (!word_starts()) break;
    if (words_.empty_since(words)) {
      declares = is_declaration(pos_ == start ? literal : literal_ahead(), dialect_);
    } else if (declares && assignment()) {
      continue;
    }
    const uint32_t at = pos_;
    const Word* w = word();
    note(TokenKind::word, at);
    if (pos_ == at && !failed()) {
      unexpected();
      break;
    }
    words_.push(w);
    if (peek() == '(' && !at_end() && is_bash() && words_.count_since(words) > 1)
      fail(Status::invalid, pos_, "unexpected `(`");
  }
  const bool nothing =
      words_.empty_since(words) && assigns_.empty_since(assigns) && redirects_.empty_since(redirects);
  if (nothing && !failed() && c->kind == CommandKind::simple) {
    if (at_end())
      fail(Status::incomplete, pos_, "a command should follow");
    else
      unexpected();
  }
  c->declaration = declares;
  c->assigns = assigns_.take(assigns, arena_);
  c->words = words_.take(words, arena_);
  c->redirects = redirects_.take(redirects, arena_);
  c->range = {std::min(begin, start), pos_};
  return c;
}
}  // namespace cmdai::syntax
