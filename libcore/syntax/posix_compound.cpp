// Compound commands: everything that starts with a reserved word or an opening parenthesis or brace.
#include <utility>

#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {

/// Reads the compound command that `keyword` starts; false when it starts none.
bool PosixParser::compound(std::string_view keyword, Command& c) {
  const bool zsh = is_zsh();
  if (keyword == "{" || (zsh && peek() == '{')) return brace_group(c), true;
  if (keyword == "if") return take_keyword(keyword), if_clause(c), true;
  if (keyword == "while") return take_keyword(keyword), loop(c, CommandKind::while_), true;
  if (keyword == "until") return take_keyword(keyword), loop(c, CommandKind::until), true;
  if (keyword == "for" || (zsh && keyword == "foreach")) return take_keyword(keyword), for_keyword(c), true;
  if (keyword == "case") return take_keyword(keyword), case_clause(c), true;
  static constexpr std::string_view kMisplaced[] = {"then", "do",   "fi", "done", "esac",
                                                    "elif", "else", "}",  "!"};
  for (std::string_view word : kMisplaced)
    if (word == keyword) return fail(Status::invalid, pos_, "unexpected `" + std::string(word) + "`"), true;
  if (is_sh()) return false;
  if (keyword == "select") return take_keyword(keyword), for_loop(c, CommandKind::select), true;
  if (keyword == "function") return take_keyword(keyword), function_keyword(c), true;
  if (keyword == "coproc") return take_keyword(keyword), coprocess(c), true;
  if (keyword == "[[") return take_keyword(keyword), test_expression(c), true;
  if (zsh && keyword == "repeat") return take_keyword(keyword), repeat(c), true;
  return false;
}

void PosixParser::subshell(Command& c) {
  c.kind = CommandKind::subshell;
  const bool braces = std::exchange(brace_ends_word_, is_zsh());
  const bool condition = std::exchange(cond_open_, false);
  ++pos_;
  more(c).body = list(pos_);
  cond_open_ = condition;
  brace_ends_word_ = braces;
  if (c.body()->statements.empty() && !failed() && !is_zsh()) expected("a command in `( )`");
  if (!at_end() && peek() == ')')
    ++pos_;
  else
    expected("`)`");
}

/// (( expression )); false when the parentheses turn out to be two subshells.
bool PosixParser::double_paren(Command& c) {
  if (peek(1) != '(') return false;
  const uint32_t begin = pos_;
  const uint32_t close = arithmetic_close(pos_ + 2);
  if (close == 0) return false;
  c.kind = CommandKind::arithmetic;
  const size_t mark = words_.mark();
  words_.push(sub_word(pos_ + 2, close, Mode::arithmetic));
  c.words = words_.take(mark, arena_);
  if (failed()) return true;
  if (close >= end_)
    fail(Status::incomplete, begin, "unclosed `((`");
  else
    pos_ = close + 2;
  return true;
}

void PosixParser::brace_group(Command& c) {
  c.kind = CommandKind::group;
  if (is_zsh())
    ++pos_;
  else
    take_keyword("{");
  const bool condition = std::exchange(cond_open_, false);
  const bool anywhere = std::exchange(brace_closes_anywhere_, false);
  more(c).body = list(pos_);
  brace_closes_anywhere_ = anywhere;
  cond_open_ = condition;
  if (c.body()->statements.empty() && !failed() && !is_zsh()) expected("a command in `{ }`");
  if (closing_brace())
    ++pos_;
  else
    expected("`}`");
  if (!is_zsh() || failed()) return;
  const uint32_t after = pos_;
  skip_blanks();
  if (!take_keyword("always")) {
    pos_ = after;
    return;
  }
  skip_newlines();
  c.kind = CommandKind::always;
  if (peek() != '{' || at_end()) return expected("`{` after `always`");
  ++pos_;
  Clause clause;
  clause.body = list(pos_);
  more(c).clauses = list_of(clause, arena_);
  if (closing_brace())
    ++pos_;
  else
    expected("`}`");
}

/// The list before then/do. zsh lets a self-contained condition be followed by its body directly.
const Script* PosixParser::condition() {
  const bool outer = std::exchange(cond_open_, is_zsh());
  const Script* s = list(pos_);
  cond_open_ = outer;
  if (s->statements.empty() && !failed() && !is_zsh()) expected("a condition");
  return s;
}

/// zsh: `{ list }` or one command, where bash has do … done.
const Script* PosixParser::short_body() {
  skip_blanks();
  if (peek() == '{' && !at_end()) {
    ++pos_;
    const Script* body = list(pos_);
    if (closing_brace())
      ++pos_;
    else
      expected("`}`");
    return body;
  }
  return one_statement(pos_);
}

void PosixParser::if_clause(Command& c) {
  c.kind = CommandKind::if_;
  const size_t mark = clauses_.mark();
  while (!failed()) {
    Clause clause;
    clause.range.begin = pos_;
    clause.condition = condition();
    skip_newlines();
    bool is_short = false;
    if (take_keyword("then")) {
      clause.body = list(pos_);
      if (clause.body->statements.empty() && !failed() && !is_zsh()) expected("a command after `then`");
    } else if (is_zsh() && !at_end()) {
      is_short = true;
      clause.body = closing_brace() || peek() == ')' ? list(pos_) : short_body();
    } else {
      expected("`then`");
    }
    clause.range.end = pos_;
    clauses_.push(clause);
    if (failed()) break;
    const uint32_t after = pos_;
    skip_newlines();
    if (take_keyword("elif")) continue;
    if (take_keyword("else")) {
      Clause last;
      last.range.begin = pos_;
      skip_newlines();
      last.body = is_short && peek() == '{' ? short_body() : list(pos_);
      last.range.end = pos_;
      if (last.body->statements.empty() && !failed() && !is_zsh()) expected("a command after `else`");
      clauses_.push(last);
      if (!is_short) need_keyword("fi");
    } else if (is_short) {
      pos_ = after;
    } else {
      need_keyword("fi");
    }
    break;
  }
  more(c).clauses = clauses_.take(mark, arena_);
}

void PosixParser::loop(Command& c, CommandKind kind) {
  c.kind = kind;
  Clause clause;
  clause.range.begin = pos_;
  clause.condition = condition();
  Command body;
  if (!failed()) loop_body(body, is_zsh());
  clause.body = body.body();
  clause.range.end = pos_;
  more(c).clauses = list_of(clause, arena_);
}

void PosixParser::loop_body(Command& c, bool zsh_short) {
  skip_newlines();
  if (take_keyword("do")) {
    more(c).body = list(pos_);
    if (c.body()->statements.empty() && !failed() && !is_zsh()) expected("a command after `do`");
    return need_keyword("done");
  }
  if (zsh_short && (zsh_ends_here() || closing_brace() || (!at_end() && peek() == ')'))) {
    more(c).body = list(pos_);
    return;
  }
  if (!at_end() && zsh_short) {
    more(c).body = short_body();
    return;
  }
  if (!is_sh() &&
      (c.kind == CommandKind::for_ || c.kind == CommandKind::c_for || c.kind == CommandKind::select) &&
      keyword_ahead("{")) {
    take_keyword("{");
    more(c).body = list(pos_);
    if (closing_brace())
      ++pos_;
    else
      expected("`}`");
    return;
  }
  expected("`do`");
}

/// for ((a; b; c))
bool PosixParser::c_style_header(Command& c) {
  if (is_sh() || peek() != '(' || peek(1) != '(') return false;
  const uint32_t begin = pos_;
  const uint32_t close = arithmetic_close(pos_ + 2);
  if (close == 0) return false;
  if (close >= end_) return fail(Status::incomplete, begin, "unclosed `((`"), true;
  c.kind = CommandKind::c_for;
  const size_t mark = words_.mark();
  uint32_t from = pos_ + 2, semicolons = 0;
  for (uint32_t at = from; at <= close; ++at) {
    if (at < close && src_[at] != ';') {
      const char b = src_[at];  // `;` inside $( … ) or quotes separates nothing
      if (b == '\\' || b == '\'' || b == '"' || b == '`' || (b == '$' && src_[at + 1] == '('))
        at = std::min(skip_quoted(at), close) - 1;
      continue;
    }
    semicolons += at < close ? 1 : 0;
    words_.push(sub_word(from, at, Mode::arithmetic));
    from = at + 1;
  }
  c.words = words_.take(mark, arena_);
  if (failed()) return true;
  pos_ = close + 2;
  if (semicolons != 2) fail(Status::invalid, begin, "`for ((` needs two `;`");
  return true;
}

void PosixParser::for_words(Command& c) {
  const size_t mark = words_.mark();
  while (skip_blanks(), !failed() && !at_end() && word_starts()) words_.push(word());
  c.words = words_.take(mark, arena_);
}

void PosixParser::for_keyword(Command& c) {
  if (is_zsh() && peek() == '(' && peek(1) == '(' && !at_end()) return expected("a blank after `for`");
  for_loop(c, CommandKind::for_);
}

void PosixParser::for_loop(Command& c, CommandKind kind) {
  c.kind = kind;
  skip_blanks();
  if (c_style_header(c)) {
    if (failed()) return;
    skip_blanks();
    if (peek() == ';' && !at_end()) ++pos_;
    return loop_body(c, is_zsh());
  }
  if (!word_starts()) return expected("a variable name after `for`");
  const std::string_view plain = literal_ahead();
  const Word* variable = word();
  std::string name(plain);
  if (plain.empty())  // quoted: bash reads it, and complains when it runs it
    for (const Part& p : variable->parts) name += p.text;
  const bool is_name = !name.empty() && is_name_start(name[0]) && !plain.empty();
  if ((is_sh() || (is_zsh() && plain.empty())) && !is_name && !failed())
    return expected("a variable name after `for`");
  more(c).name = arena_.copy(std::string_view(name));
  if (is_zsh()) {  // several variables
    while (skip_blanks(), !at_end() && is_name_start(peek()) && !keyword_ahead("in") && !keyword_ahead("do"))
      word();
    if (peek() == '(' && !at_end()) {  // for i (words) body
      ++pos_;
      const size_t mark = words_.mark();
      while (skip_newlines(), !at_end() && peek() != ')' && word_starts()) words_.push(word());
      c.words = words_.take(mark, arena_);
      c.has_in = true;
      if (at_end() || peek() != ')') return expected("`)`");
      ++pos_;
      skip_blanks();
      if (peek() == ';' && !at_end()) ++pos_;
      skip_newlines();
      if (keyword_ahead("do")) return loop_body(c, true);
      if (peek() == '{' && !at_end()) return loop_body(c, true);
      const uint32_t body = pos_;
      const Script* script = list(body);  // foreach … end, or a single command
      if (take_keyword("end")) {
        more(c).body = script;
        return;
      }
      more(c).body = script;
      return;
    }
  }
  skip_newlines();
  if (take_keyword("in")) {
    c.has_in = true;
    for_words(c);
    skip_blanks();
    if (failed()) return;
    if (at_end()) return expected("`do`");
    if (peek() == ';')
      ++pos_;
    else if (peek() != '\n')
      return unexpected();
  } else {
    skip_blanks();
    if (peek() == ';' && !at_end()) ++pos_;
  }
  loop_body(c, is_zsh());
}

void PosixParser::case_clause(Command& c) {
  c.kind = CommandKind::case_;
  skip_blanks();
  if (!word_starts()) return expected("a word after `case`");
  const size_t mark = words_.mark();
  words_.push(word());
  c.words = words_.take(mark, arena_);
  skip_newlines();
  if (take_keyword("in")) return case_items(c, "esac");
  if (is_zsh() && peek() == '{' && !at_end()) {
    ++pos_;
    return case_items(c, "}");
  }
  expected("`in`");
}

/// zsh: `(a|b)c)` begins with a group, `(a|b)` is the optional parenthesis before a pattern. It is a group
/// when a further `)` follows on the line.
bool PosixParser::case_parenthesis_is_pattern() const {
  if (!is_zsh()) return false;
  uint32_t depth = 0;
  for (uint32_t at = pos_; at < end_;) {
    const char c = src_[at];
    if (c == '(') ++depth;
    if (c == ')' && depth-- == 0) return true;
    if (depth == 0 && (c == ';' || c == '\n')) return false;
    at = c == '\\' || c == '\'' || c == '"' || c == '`' ? skip_quoted(at) : at + 1;
  }
  return false;
}

const Word* PosixParser::case_pattern(bool parenthesised) {
  if (is_zsh() && parenthesised) {  // blanks are allowed inside; ( ) nest
    const uint32_t begin = pos_;
    const size_t mark = parts_.mark();
    if (peek() == '&' || peek() == ';') expected("a pattern");
    while (!failed() && !at_end() && peek() != ')' && peek() != '|') {
      const uint32_t at = pos_;
      if (std::string_view(" \t\n;&<>").find(peek()) != std::string_view::npos) {
        skip_newlines();
        if (pos_ == at) ++pos_;
        if (!at_end() && peek() != ')' && peek() != '|') add_text(at, pos_, false, false);
      } else {
        parts(Mode::word);
        if (pos_ == at) ++pos_;
      }
    }
    return finish_word(begin, mark);
  }
  if (is_zsh() && (peek() == '|' || peek() == ')') && !at_end()) return empty_word(pos_);
  if (!word_starts()) {
    expected("a pattern");
    return empty_word(pos_);
  }
  return word();
}

void PosixParser::case_items(Command& c, std::string_view end) {
  const size_t mark = clauses_.mark();
  while (!failed()) {
    skip_newlines();
    if (end == "}" ? (closing_brace() && ++pos_) : take_keyword("esac")) break;
    Clause item;
    item.range.begin = pos_;
    const bool parenthesised = peek() == '(' && !at_end() && !case_parenthesis_is_pattern();
    if (parenthesised) ++pos_;
    const size_t patterns = words_.mark();
    while (!failed()) {
      skip_blanks();
      words_.push(case_pattern(parenthesised));
      skip_blanks();
      if (at_end() || peek() != '|') break;
      ++pos_;
    }
    item.patterns = words_.take(patterns, arena_);
    if (at_end() || peek() != ')') {
      expected("`)` after a pattern");
      clauses_.push(item);
      break;
    }
    ++pos_;
    item.body = list(pos_);
    if (!at_end() && peek() == ';') {
      const uint32_t at = pos_++;
      if (peek() == '&' && is_sh()) {
        fail(Status::invalid, at, "`;&` is not known to this shell");
        break;
      }
      pos_ += peek() == ';' && peek(1) == '&' && is_bash() ? 2 : 1;
      item.terminator = slice(at, pos_);
      item.range.end = pos_;
      clauses_.push(item);
      continue;
    }
    item.range.end = pos_;
    clauses_.push(item);
    if (failed()) break;
    skip_newlines();
    if (end == "}" && closing_brace())
      ++pos_;
    else if (end == "}" || !take_keyword("esac"))
      expected("`" + std::string(end) + "`");
    break;
  }
  more(c).clauses = clauses_.take(mark, arena_);
}

/// function name [()] body, zsh also several names or none
void PosixParser::function_keyword(Command& c) {
  c.kind = CommandKind::function;
  const size_t mark = words_.mark();
  while (skip_blanks(),
         !failed() && !at_end() && !(is_zsh() && peek() == '{') && peek() != '(' && word_starts()) {
    words_.push(word());
    if (!is_zsh()) break;
  }
  const bool anonymous = words_.empty_since(mark);
  if (anonymous && !is_zsh()) return expected("a function name");
  c.words = words_.take(mark, arena_);
  skip_blanks();
  if (peek() == '(' && !at_end()) {
    uint32_t close = pos_ + 1;
    while (close < end_ && (src_[close] == ' ' || src_[close] == '\t')) ++close;
    if (close < end_ && src_[close] == ')')
      pos_ = close + 1;
    else if (is_zsh())
      return fail(Status::invalid, pos_, "expected `)`");
  }
  if (skip_newlines(); zsh_ends_here()) return;
  function_body(c);
  if (!anonymous || failed()) return;
  const size_t arguments = words_.mark();
  while (skip_blanks(), !failed() && word_starts()) words_.push(word());
  more(c).arguments = words_.take(arguments, arena_);
}

/// The body command becomes a script of one statement, so that its own redirects stay with it.
void PosixParser::function_body(Command& c) {
  skip_newlines();
  if (at_end()) return expected("a function body");
  const uint32_t begin = pos_;
  const bool condition = std::exchange(cond_open_, false);
  const Command* body = command();
  cond_open_ = condition;
  const bool simple_body = body->kind == CommandKind::simple;
  if (simple_body && is_bash() && !failed())
    fail(Status::invalid, begin, "a function body must be a compound command");
  Stage stage;
  stage.command = body;
  Link link;
  link.pipeline.range = body->range;
  link.pipeline.stages = list_of(stage, arena_);
  Statement s;
  s.range = body->range;
  s.links = list_of(link, arena_);
  Script* script = arena_.make<Script>();
  script->range = body->range;
  script->statements = list_of(s, arena_);
  more(c).body = script;
}

void PosixParser::coprocess(Command& c) {
  c.kind = CommandKind::coproc;
  skip_blanks();
  if (is_bash()) {  // NAME only before a compound command
    const std::string_view name = literal_ahead();
    const bool quoted = !at_end() && (peek() == '\'' || peek() == '"');
    if ((!name.empty() && is_name_start(name[0])) || quoted) {
      const uint32_t start = pos_;
      uint32_t at = quoted ? skip_quoted(pos_) : pos_ + static_cast<uint32_t>(name.size());
      while (at < end_ && (src_[at] == ' ' || src_[at] == '\t')) ++at;
      pos_ = at;
      const std::string_view next = literal_ahead();
      const bool before_compound = at < end_ && (src_[at] == '(' || next == "{" || next == "if" ||
                                                 next == "while" || next == "until" || next == "for" ||
                                                 next == "case" || next == "select" || next == "[[");
      static constexpr std::string_view kReserved[] = {"if",   "while",  "until",    "for",
                                                       "case", "select", "function", "time"};
      bool reserved = false;
      for (std::string_view r : kReserved) reserved |= r == name;
      if (before_compound && !reserved)
        more(c).name = quoted ? src_.substr(start + 1, skip_quoted(start) - start - 2) : arena_.copy(name);
      else
        pos_ = start;
    }
  }
  if (!zsh_ends_here()) more(c).body = one_statement(pos_);
}

void PosixParser::repeat(Command& c) {
  c.kind = CommandKind::repeat;
  skip_blanks();
  const size_t mark = words_.mark();
  if (!word_starts()) return expected("a count after `repeat`");
  words_.push(word());
  c.words = words_.take(mark, arena_);
  skip_blanks();
  if (peek() == ';' && !at_end()) ++pos_;
  loop_body(c, true);
}

}  // namespace cmdai::syntax
