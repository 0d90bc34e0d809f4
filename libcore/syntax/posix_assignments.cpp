// name=value, name+=value, name[index]=value, name=(…).
#include <utility>

#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {

/// Behind the `]` that closes the subscript opened at `open`; 0 when the word ends before. A subscript that
/// runs into the end of the text is an error at once: bash waits for its `]`, and looking for it again from
/// the next name on would cost quadratic time.
uint32_t PosixParser::subscript_end(uint32_t open) {
  uint32_t depth = 0, at = open;
  while (at < end_) {
    const char c = src_[at];
    if (c == '[') ++depth;
    if (c == ']' && --depth == 0) return at + 1;
    if (is_zsh() && is_meta(c)) return 0;
    const bool quotes =
        c == '\'' || c == '"' || c == '`' || c == '\\' || (c == '$' && at + 1 < end_ && src_[at + 1] == '(');
    at = quotes ? skip_quoted(at) : at + 1;
  }
  fail(Status::incomplete, open, "unclosed `[`");
  return 0;
}

/// name= , name+= , name[index]= at the cursor: where the value begins, 0 when none of them stands here.
uint32_t PosixParser::assigned_value() {
  if (at_end() || !is_name_start(peek())) return 0;
  uint32_t at = pos_;
  while (true) {
    while (at < end_ && is_name_char(src_[at])) ++at;
    if (at + 1 >= end_ || src_[at] != '\\' || src_[at + 1] != '\n') break;
    at += 2;
  }
  if (at < end_ && src_[at] == '[' && !is_sh()) {
    at = subscript_end(at);
    if (at == 0) return 0;
  }
  if (at + 1 < end_ && src_[at] == '+' && src_[at + 1] == '=' && !is_sh()) ++at;
  return at < end_ && src_[at] == '=' ? at + 1 : 0;
}

bool PosixParser::assignment() {
  const uint32_t value_at = assigned_value();
  if (value_at == 0) return false;
  Assignment a;
  a.range.begin = pos_;
  uint32_t name_end = pos_;
  while (is_name_char(src_[name_end])) ++name_end;
  a.name = slice(pos_, name_end);
  if (src_[name_end] == '\\') {  // a name cut by a line continuation
    std::string joined;
    for (; src_[name_end] == '\\' || is_name_char(src_[name_end]); ++name_end)
      if (src_[name_end] == '\\')
        ++name_end;
      else
        joined += src_[name_end];
    joined.insert(0, a.name);
    a.name = arena_.copy(std::string_view(joined));
  }
  a.append = src_[value_at - 2] == '+';
  if (src_[name_end] == '[') {
    pos_ = name_end;
    a.index = index_word();
  }
  if (failed()) return true;
  pos_ = value_at;
  skip_continuations();
  if (!at_end() && peek() == '(' && !is_sh())
    a.value = array_value();
  else
    a.value = word_starts() ? word() : empty_word(pos_);
  a.range.end = pos_;
  note(TokenKind::word, a.range.begin);
  assigns_.push(a);
  return true;
}

const Word* PosixParser::array_value() {
  const uint32_t begin = pos_;
  const size_t part_mark = parts_.mark();
  const size_t mark = words_.mark();
  Nesting nesting(budget_, options_.limits);
  if (nesting.ok)
    ++pos_;
  else
    fail(Status::too_complex, pos_, "nested too deeply");
  while (skip_newlines(), !at_end() && peek() != ')') {
    if (!word_starts()) {
      unexpected(" in an array");
      break;
    }
    words_.push(word());
  }
  if (at_end())
    expected("`)` of an array");
  else
    ++pos_;
  add_part(PartKind::array, begin, false).hold(take_words(mark));
  return finish_word(begin, part_mark);
}

}  // namespace cmdai::syntax
