// Everything behind a `$` and inside backquotes.
#include <utility>

#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {
namespace {

constexpr std::string_view kSpecialParameters = "@*#?-$!";

bool is_special(char c) { return kSpecialParameters.find(c) != std::string_view::npos; }

}  // namespace

/// A name that starts at `at`, moved behind it. Line continuations inside are no part of it: `$a\⏎b` is $ab.
std::string_view PosixParser::joined_name(uint32_t& at) {
  const uint32_t begin = at;
  while (at < end_ && is_name_char(src_[at])) ++at;
  if (at + 1 < end_ && src_[at] == '\\' && src_[at + 1] == '\n') return continued_name(begin, at);
  return slice(begin, at);
}

std::string_view PosixParser::continued_name(uint32_t begin, uint32_t& at) {
  std::string joined(slice(begin, at));
  for (uint32_t next = at; next < end_;) {
    if (is_name_char(src_[next])) {
      joined += src_[next];
      at = ++next;
    } else if (src_[next] == '\\' && next + 1 < end_ && src_[next + 1] == '\n') {
      next += 2;
    } else {
      break;
    }
  }
  if (joined.size() == at - begin) return slice(begin, at);
  return arena_.copy(std::string_view(joined));
}

void PosixParser::dollar(bool in_quotes, Mode mode) {
  const uint32_t begin = pos_;
  while (peek(1) == '\\' && peek(2) == '\n') pos_ += 2;  // what follows stands as if right behind the $
  const char next = peek(1);
  Nesting nesting(budget_, options_.limits);
  if (!nesting.ok) return fail(Status::too_complex, pos_, "nested too deeply");
  if (next == '(') {
    if (peek(2) == '(') {
      const uint32_t close = arithmetic_close(pos_ + 3);
      if (close != 0) return arithmetic_part(in_quotes, begin, pos_ + 3, close, close + 2);
      if (is_sh())
        return fail(Status::invalid, begin, "expected `))`");  // dash never falls back to a subshell
    }
    return command_substitution(in_quotes, begin);
  }
  if (next == '{') {
    const char third = peek(2);
    const bool funsub = (is_bash() && (dialect_.version == 0 || dialect_.version >= 503)) &&
                        (third == ' ' || third == '\t' || third == '\n' || third == '|' || third == '(');
    if (funsub) return brace_substitution(in_quotes, begin);
    return braced_parameter(in_quotes, begin, mode);
  }
  if (next == '[' && !is_sh()) {  // $[ … ]: the old arithmetic
    uint32_t close = pos_ + 2, depth = 1;
    for (; close < end_; ++close) {
      if (src_[close] == '[') ++depth;
      if (src_[close] == ']' && --depth == 0) break;
    }
    if (close >= end_) return fail(Status::incomplete, begin, "unclosed `$[`");
    return arithmetic_part(in_quotes, begin, pos_ + 2, close, close + 1);
  }
  if (next == '\'' && !in_quotes && mode != Mode::arithmetic && !is_sh()) return ansi_c();
  if (next == '"' && !in_quotes && mode != Mode::arithmetic && is_bash()) {
    ++pos_;
    return double_quoted();
  }
  plain_parameter(in_quotes, begin);
}

void PosixParser::plain_parameter(bool in_quotes, uint32_t begin) {
  uint32_t at = pos_ + 1;
  Parameter& p = *arena_.make<Parameter>();
  if (is_zsh()) {  // $=x $~x $^x $#x $+x
    while (at < end_ && std::string_view("=~^+").find(src_[at]) != std::string_view::npos)
      p.split |= src_[at++] == '=';
    if (at + 1 < end_ && src_[at] == '#' && is_name_start(src_[at + 1])) {
      p.length = true;
      ++at;
    }
  }
  const uint32_t name = at;
  if (at < end_ && is_name_start(src_[at])) {
    p.name = joined_name(at);
  } else if (at < end_ && is_digit(src_[at])) {
    ++at;
    while (is_zsh() && at < end_ && is_digit(src_[at])) ++at;
  } else if (at < end_ && is_special(src_[at])) {
    ++at;
  } else {  // a lone $
    add_text(begin, begin + 1, in_quotes, in_quotes);
    pos_ = begin + 1;
    return;
  }
  if (p.name.empty()) p.name = slice(name, at);
  pos_ = at;
  if (is_zsh() && peek() == '[' && !at_end() && is_name_start(p.name[0])) p.index = zsh_subscript();
  add_part(PartKind::parameter, begin, in_quotes).hold(&p);
  spend();
}

/// $name[…] unbraced: only where a closing bracket follows without a blank, else the bracket is text.
const Word* PosixParser::zsh_subscript() {
  uint32_t depth = 0;
  // `$a[$a[$a[` must not be looked through to its end again and again; what is cut off is read as text.
  constexpr uint32_t kLongest = 256;
  for (uint32_t i = pos_; i < std::min(end_, pos_ + kLongest); ++i) {
    const char c = src_[i];
    if (c == '[') ++depth;
    if (c == ']' && --depth == 0) {
      const Word* index = sub_word(pos_ + 1, i, Mode::arithmetic);
      if (!failed()) ++pos_;
      return index;
    }
    if (c == '\n' || c == ' ' || c == '"' || c == '\'') break;
  }
  return nullptr;
}

const Word* PosixParser::index_word() {
  const uint32_t open = pos_;
  uint32_t depth = 0, at = pos_;
  while (at < end_) {
    const char c = src_[at];
    if (c == '[') ++depth;
    if (c == ']' && --depth == 0) break;
    at =
        (c == '\\' || c == '\'' || c == '"' || c == '`' || (c == '$' && at + 1 < end_ && src_[at + 1] == '('))
            ? skip_quoted(at)
            : at + 1;
  }
  if (at >= end_) {
    fail(Status::incomplete, open, "unclosed `[`");
    return empty_word(pos_);
  }
  const Word* index = sub_word(open + 1, at, Mode::arithmetic);
  if (!failed()) ++pos_;
  return index;
}

bool PosixParser::parameter_name(Parameter& p, bool in_quotes) {
  const uint32_t name = pos_;
  if (is_zsh() && (peek() == '$' || peek() == '"' || peek() == '`')) {  // ${${…}…}: the nested value
    const size_t mark = parts_.mark();
    if (peek() == '"')
      double_quoted();
    else if (peek() == '`')
      backquote(in_quotes, Mode::brace);
    else
      dollar(in_quotes, Mode::brace);
    p.op = "nested";
    p.argument = finish_word(name, mark);
    return true;
  }
  if (is_name_start(peek())) {
    p.name = joined_name(pos_);
    skip_continuations();
    return true;
  } else if (is_digit(peek())) {
    while (is_digit(peek())) ++pos_;
  } else if (is_special(peek())) {
    ++pos_;
  } else {
    return is_zsh();  // ${:-word}
  }
  p.name = slice(name, pos_);
  return true;
}

void PosixParser::braced_parameter(bool in_quotes, uint32_t begin, Mode mode) {
  pos_ += 2;
  skip_continuations();
  Parameter& p = *arena_.make<Parameter>();
  p.braced = true;
  if (mode == Mode::here_document) in_quotes = true;
  if (is_zsh()) {
    if (peek() == '(') {
      const size_t close = src_.substr(0, end_).find(')', pos_);
      if (close == std::string_view::npos)
        return fail(Status::incomplete, pos_, "unclosed `(` of expansion flags");
      p.flags = src_.substr(pos_ + 1, close - pos_ - 1);
      pos_ = static_cast<uint32_t>(close) + 1;
    }
    while (std::string_view("=~^+").find(peek()) != std::string_view::npos && !at_end() && peek(1) != '}') {
      p.split |= peek() == '=';
      ++pos_;
    }
  }
  const char c = peek(), next = peek(1);
  if (c == '#' && (is_name_char(next) ||
                   ((is_special(next) || (is_zsh() && (next == '{' || next == '$'))) && peek(2) == '}') ||
                   (is_zsh() && (next == '$' || next == '(')) || next == '@' || next == '*')) {
    p.length = true;
    ++pos_;
  } else if (c == '!' && !is_zsh() && (is_name_char(next) || next == '@' || next == '*' || next == '#')) {
    p.indirect = true;
    ++pos_;
  }
  const bool named = parameter_name(p, in_quotes);
  while (named && peek() == '[' && !at_end() && !failed() && !is_sh()) p.index = index_word();
  if (named && !failed()) parameter_operator(p, in_quotes);
  if (!failed() && (at_end() || peek() != '}')) {  // a bad substitution: found out at run time only
    const size_t mark = parts_.mark();
    const uint32_t rest = pos_;
    parts(in_quotes ? Mode::brace_quoted : Mode::brace);
    p.argument2 = finish_word(rest, mark);
    if (p.op.empty()) p.op = "bad";
  }
  if (!at_end())
    ++pos_;
  else if (!failed())
    fail(Status::incomplete, begin, "unclosed `${`");
  add_part(PartKind::parameter, begin, in_quotes).hold(&p);
  spend();
}

void PosixParser::parameter_operator(Parameter& p, bool in_quotes) {
  static constexpr std::string_view kOperators[] = {
      ":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%", "^^", ",,", ":#", ":|", ":*",
      ":^", "-",  "=",  "?",  "+",  "#",  "%",  "/",  "^",  ",",  "@",  ":",  "~~", "~"};
  if (at_end() || peek() == '}') return;
  for (std::string_view op : kOperators) {
    if (!looking_at(op)) continue;
    if (op.size() == 2 && op[0] == ':' && std::string_view("#|*^").find(op[1]) != std::string_view::npos &&
        !is_zsh())
      continue;
    const std::string_view outer = p.op;  // zsh: ${${…}op…}
    const Word* nested = p.argument;
    p.op = op;
    pos_ += static_cast<uint32_t>(op.size());
    const bool pattern = op[0] == '/';
    const bool value = op.find_first_of("-=?+") != std::string_view::npos;
    // "${x#'a'}" and "${x/'a'/b}": single quotes quote in bash and dash, but are bytes in zsh.
    // "${x:-'a'}": they are bytes everywhere.
    Mode mode = pattern ? Mode::slash : Mode::brace;
    if (in_quotes && (value || is_zsh())) mode = pattern ? Mode::slash_quoted : Mode::brace_quoted;
    p.argument = word(mode);
    if (pattern && peek() == '/' && !at_end()) {
      ++pos_;
      p.argument2 = word(in_quotes ? Mode::brace_quoted : Mode::brace);
    }
    if (outer == "nested") p.argument2 = nested;
    return;
  }
}

/// What stands in $( … ), <( … ): here-documents announced before it wait until it is over. One that is
/// announced inside and has no line there is read behind it by bash, and is empty in the others.
const Script* PosixParser::substituted_list() {
  std::vector<HereDocument> waiting;
  waiting.swap(here_documents_);
  const bool braces = std::exchange(brace_ends_word_, is_zsh());
  const bool condition = std::exchange(cond_open_, false);
  const bool anywhere = std::exchange(brace_closes_anywhere_, false);
  ++substitutions_;
  const Script* script = list(pos_);
  --substitutions_;
  brace_closes_anywhere_ = anywhere;
  cond_open_ = condition;
  brace_ends_word_ = braces;
  if (is_bash()) waiting.insert(waiting.end(), here_documents_.begin(), here_documents_.end());
  here_documents_.swap(waiting);
  return script;
}

void PosixParser::command_substitution(bool in_quotes, uint32_t begin) {
  pos_ += 2;
  const Script* script = substituted_list();
  if (!at_end() && peek() == ')')
    ++pos_;
  else
    expected("`)` of `$(`");
  add_part(PartKind::command, begin, in_quotes).hold(script);
}

/// ${ command; } and ${| command; } of bash 5.3
void PosixParser::brace_substitution(bool in_quotes, uint32_t begin) {
  pos_ += 2;
  if (peek() == '|') ++pos_;
  const bool outer = std::exchange(brace_closes_anywhere_, true);
  const Script* script = list(pos_);
  brace_closes_anywhere_ = outer;
  if (!at_end() && peek() == '}')
    ++pos_;
  else
    expected("`}` of `${`");
  add_part(PartKind::command, begin, in_quotes).hold(script);
}

void PosixParser::backquote(bool in_quotes, Mode mode) {
  const uint32_t begin = pos_++;
  std::string text;
  const bool double_quoted = in_quotes && mode != Mode::here_document;
  while (!at_end() && peek() != '`') {
    if (peek() == '\\' && pos_ + 1 < end_) {
      const char next = peek(1);
      const bool drops = next == '$' || next == '`' || next == '\\' || (double_quoted && next == '"');
      if (!drops) text += '\\';
      text += next;
      pos_ += 2;
    } else {
      text += src_[pos_++];
    }
  }
  if (at_end())
    fail(Status::incomplete, begin, "unclosed backquote");
  else
    ++pos_;
  Part& p = add_part(PartKind::command, begin, in_quotes);
  const std::string_view copy = arena_.copy(std::string_view(text));
  PosixParser nested(tree_, options_, budget_);
  nested.dialect_ = dialect_;
  p.hold(nested.run_nested(copy, begin + 1));
  if (nested.status_ == Status::too_complex) fail(Status::too_complex, begin, nested.message_);
  // dash reads it together with the line; bash and zsh find the error when they run it.
  if (nested.failed() && is_sh()) fail(Status::invalid, begin, "in backquotes: " + nested.message_);
}

void PosixParser::arithmetic_part(bool in_quotes, uint32_t begin, uint32_t body, uint32_t close,
                                  uint32_t after) {
  const size_t mark = words_.mark();
  if (close >= end_) {
    fail(Status::incomplete, begin, "unclosed arithmetic");
  } else {
    words_.push(sub_word(body, close, Mode::arithmetic));
    if (!failed()) pos_ = after;
  }
  add_part(PartKind::arithmetic, begin, in_quotes).hold(take_words(mark));
}

/// Behind a quoting construct that starts at `at`, without building anything.
uint32_t PosixParser::skip_quoted(uint32_t at) const {
  const char c = src_[at];
  if (c == '\\') return std::min(at + 2, end_);
  if (c == '\'') {
    const size_t close = src_.substr(0, end_).find('\'', at + 1);
    return close == std::string_view::npos ? end_ : static_cast<uint32_t>(close) + 1;
  }
  if (c == '"' || c == '`') {
    uint32_t i = at + 1;
    while (i < end_ && src_[i] != c) i += src_[i] == '\\' ? 2 : 1;
    return std::min(i + 1, end_);
  }
  if (c == '$' && at + 1 < end_ && src_[at + 1] == '(') {
    uint32_t depth = 0, i = at + 1;
    while (i < end_) {
      if (src_[i] == '(') ++depth;
      if (src_[i] == ')' && --depth == 0) return i + 1;
      i = src_[i] == '\\' || src_[i] == '\'' || src_[i] == '"' || src_[i] == '`' ? skip_quoted(i) : i + 1;
    }
    return end_;
  }
  return at + 1;
}

/// Whether what starts at `from` (behind `((`) is arithmetic: its parentheses must balance and be followed by
/// `))`. One scan without building anything; the answer is the offset of the closing `))`, end_ when the text
/// ends inside, 0 when it is a subshell in a substitution after all.
uint32_t PosixParser::arithmetic_close(uint32_t from) const {
  uint32_t depth = 0, i = from;
  while (i < end_) {
    const char c = src_[i];
    if (c == '(') {
      ++depth;
    } else if (c == ')') {
      if (depth == 0) return i + 1 < end_ ? (src_[i + 1] == ')' ? i : 0) : end_;
      --depth;
    } else if (c == '\\' || c == '\'' || c == '"' || c == '`') {
      i = skip_quoted(i);
      continue;
    }
    ++i;
  }
  return end_;
}

}  // namespace cmdai::syntax
