// Words: quoting, and what stands between the quotes.
#include <utility>

#include "libcore/syntax/escapes.hpp"
#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {
namespace {

bool in_double_quotes(Mode mode) {
  return mode == Mode::dquote || mode == Mode::brace_quoted || mode == Mode::slash_quoted ||
         mode == Mode::here_document;
}

/// Where a single quote is a byte like any other.
bool single_quote_is_plain(Mode mode) {
  return mode == Mode::dquote || mode == Mode::here_document || mode == Mode::brace_quoted ||
         mode == Mode::slash_quoted || mode == Mode::arithmetic;
}

bool is_blank_or_operator(char c) {
  return std::string_view(" \t\n;&|<>(){").find(c) != std::string_view::npos;
}

}  // namespace

void PosixParser::fail(Status status, uint32_t at, std::string_view message) {
  if (!failed()) {
    status_ = status;
    error_ = {std::min(at, end_), end_};
    message_ = message;
  }
  pos_ = end_;
}

void PosixParser::expected(std::string_view what) {
  if (failed()) return;
  if (at_end())
    return fail(Status::incomplete, pos_, "the text ends where " + std::string(what) + " should follow");
  fail(Status::invalid, pos_, "expected " + std::string(what));
}

void PosixParser::unexpected(std::string_view where) {
  const std::string byte = peek() == '\n' ? "end of the line" : "`" + std::string(1, peek()) + "`";
  fail(Status::invalid, pos_, "unexpected " + byte + std::string(where));
}

const Word* PosixParser::empty_word(uint32_t at) {
  Word* w = arena_.make<Word>();
  w->range = {at, at};
  return w;
}

const Word* PosixParser::finish_word(uint32_t begin, size_t mark) {
  spend();
  Word* w = arena_.make<Word>();
  w->range = {begin, pos_};
  w->parts = parts_.take(mark, arena_);
  return w;
}

/// Most words: nothing in them is special, and what stands behind them ends every word. Null, and nothing
/// read: not such a word.
const Word* PosixParser::plain_word_from_here() {
  static constexpr ByteSet kBehind(" \t\n;&|)");
  const uint32_t begin = pos_;
  skip_ordinary(Mode::word);
  if (!at_end() && !kBehind[src_[pos_]]) return pos_ = begin, nullptr;
  spend();
  struct Plain {
    Part part;
    Word word;
  };
  Plain& plain = *arena_.make<Plain>();
  plain.part.range = plain.word.range = {begin, pos_};
  plain.part.text = slice(begin, pos_);
  plain.word.parts = std::span<const Part>(&plain.part, 1);
  return &plain.word;
}

const Word* PosixParser::word(Mode mode) {
  if (mode == Mode::word)
    if (const Word* plain = plain_word(); plain != nullptr) return plain;
  const uint32_t begin = pos_;
  const size_t mark = parts_.mark();
  Nesting nesting(budget_, options_.limits);
  if (!nesting.ok) fail(Status::too_complex, pos_, "nested too deeply");
  parts(mode);
  return finish_word(begin, mark);
}

const Word* PosixParser::sub_word(uint32_t begin, uint32_t end, Mode mode) {
  const uint32_t outer_end = end_;
  pos_ = begin;
  end_ = end;
  const Word* w = word(mode);
  end_ = outer_end;
  pos_ = failed() ? end_ : end;
  return w;
}

void PosixParser::add_text(uint32_t begin, uint32_t end, bool quoted, bool in_quotes) {
  if (begin == end && !quoted) return;
  std::string_view bytes = slice(begin, end);
  if (is_sh() && bytes.find('\0') != std::string_view::npos) {  // dash drops them
    std::string kept(bytes);
    std::erase(kept, '\0');
    if (kept.empty() && !quoted) return;
    bytes = arena_.copy(std::string_view(kept));
  }
  Part& p = parts_.add();
  p.kind = quoted ? PartKind::quoted : PartKind::text;
  p.in_quotes = in_quotes;
  p.range = {begin, end};
  p.text = bytes;
}

bool PosixParser::operator_starts_word() const {
  const char c = peek();
  if ((c == '<' || c == '>') && peek(1) == '(') return !is_sh();
  if (is_zsh() && c == '<') return numeric_range() > 0;
  if (is_zsh() && c == '(') return !zsh_parentheses();
  return !ends_word(Mode::word);
}

/// zsh <1-9>, a glob of numbers: its length, 0 when none stands here.
uint32_t PosixParser::numeric_range() const {
  uint32_t i = 1;
  while (is_digit(peek(i))) ++i;
  if (peek() != '<' || peek(i++) != '-') return 0;
  while (is_digit(peek(i))) ++i;
  return peek(i) == '>' ? i + 1 : 0;
}

/// zsh: } closes a group when a blank, an operator or the end follows; at the start of a word several may.
bool PosixParser::zsh_brace_closes() const {
  uint32_t i = 1;
  const bool starts = pos_ == 0 || is_blank_or_operator(src_[pos_ - 1]) || src_[pos_ - 1] == '}';
  while (starts && peek(i) == '}') ++i;
  const char next = peek(i);
  return pos_ + i >= end_ || (next != '(' && next != '{' && is_blank_or_operator(next));
}

/// zsh: () ends a word and makes a function of what stands before it.
bool PosixParser::zsh_parentheses() const { return peek() == '(' && peek(1) == ')'; }

void PosixParser::parts(Mode mode) {
  const bool quoted = in_double_quotes(mode);
  uint32_t run = pos_;    // start of the pending literal run
  uint32_t zsh_open = 0;  // zsh: { inside the word, or inside ${ … }: its } ends neither
  const auto flush = [&] {
    if (pos_ > run) add_text(run, pos_, quoted, quoted);
  };
  while (true) {
    skip_ordinary(mode);
    if (at_end()) break;
    const char c = src_[pos_];
    const bool braces_nest = mode == Mode::word ? brace_ends_word_ : is_zsh() && mode == Mode::brace;
    if (braces_nest) {
      if (c == '{') ++zsh_open;
      if (c == '}' && zsh_open > 0) {
        --zsh_open;
        ++pos_;
        continue;
      }
    }
    const bool joined_operator = mode == Mode::word && (c == '<' || c == '>') && peek(1) == '(' && !is_sh();
    const bool zsh_paren = mode == Mode::word && is_zsh() && (c == '(' || c == '<') && word_starts();
    if (!joined_operator && !zsh_paren && ends_word(mode)) break;
    switch (c) {
      case '\\':
        flush();
        backslash(mode);
        run = pos_;
        continue;
      case '\'':
        if (single_quote_is_plain(mode)) break;
        flush();
        single_quoted();
        run = pos_;
        continue;
      case '"':
        if (mode == Mode::here_document || mode == Mode::arithmetic) break;
        flush();
        double_quoted();
        run = pos_;
        continue;
      case '$':
        flush();
        dollar(quoted, mode);
        run = pos_;
        continue;
      case '`':
        flush();
        backquote(quoted, mode);
        run = pos_;
        continue;
      case '<':
      case '>':
        if (!joined_operator) {
          if (zsh_paren) pos_ += numeric_range() - 1;
          break;
        }
        flush();
        process_substitution();
        run = pos_;
        continue;
      case '(':
        if (mode == Mode::word && is_zsh()) {
          if (pos_ == run + 1 && src_[run] == '=' && (run == 0 || is_blank_or_operator(src_[run - 1]))) {
            pos_ = run;  // =(command)
            process_substitution();
            run = pos_;
            continue;
          }
          flush();
          pattern_group(pos_);
          run = pos_;
          continue;
        }
        break;
      case '?':
      case '*':
      case '+':
      case '@':
      case '!':
        if (mode == Mode::word && peek(1) == '(' && is_bash()) {
          flush();
          pattern_group(pos_++);
          run = pos_;
          continue;
        }
        break;
      default: break;
    }
    ++pos_;
  }
  flush();
}

void PosixParser::backslash(Mode mode) {
  const uint32_t at = pos_;
  if (peek(1) == '\n') {
    pos_ += 2;
    return;
  }
  if (pos_ + 1 >= end_) {
    ++pos_;
    return add_text(at, pos_, true, in_double_quotes(mode));
  }
  const char next = peek(1);
  pos_ += 2;
  const bool escapes = [&] {
    switch (mode) {
      case Mode::here_document: return next == '$' || next == '`' || next == '\\';
      case Mode::dquote: return next == '$' || next == '`' || next == '\\' || next == '"';
      case Mode::brace_quoted:
      case Mode::slash_quoted:
        return next == '$' || next == '`' || next == '\\' || next == '"' || next == '}' || next == '/';
      case Mode::arithmetic: return false;
      default: return true;
    }
  }();
  if (escapes) return add_text(at + 1, pos_, true, in_double_quotes(mode));
  add_text(at, pos_, in_double_quotes(mode), in_double_quotes(mode));
}

void PosixParser::single_quoted() {
  const uint32_t open = pos_++;
  const size_t close = src_.substr(0, end_).find('\'', pos_);
  if (close == std::string_view::npos) {
    add_text(pos_, end_, true, false);
    return fail(Status::incomplete, open, "unclosed `'`");
  }
  add_text(pos_, static_cast<uint32_t>(close), true, false);
  parts_.back().range = {open, static_cast<uint32_t>(close) + 1};
  pos_ = static_cast<uint32_t>(close) + 1;
}

void PosixParser::ansi_c() {
  const uint32_t open = pos_;
  pos_ += 2;
  const uint32_t body = pos_;
  while (!at_end() && peek() != '\'') pos_ += peek() == '\\' && pos_ + 1 < end_ ? 2 : 1;
  const uint32_t close = pos_;
  Part& p = parts_.add();
  p.kind = PartKind::quoted;
  p.range = {open, std::min(close + 1, end_)};
  p.text = arena_.copy(std::string_view(decode_ansi_c(slice(body, close), dialect_)));
  if (at_end()) return fail(Status::incomplete, open, "unclosed `$'`");
  ++pos_;
}

void PosixParser::double_quoted() {
  const uint32_t open = pos_++;
  const size_t mark = parts_.mark();
  Nesting nesting(budget_, options_.limits);
  if (!nesting.ok) return fail(Status::too_complex, pos_, "nested too deeply");
  parts(Mode::dquote);
  if (parts_.empty_since(mark)) add_text(pos_, pos_, true, true);  // "" is a word
  if (at_end()) return fail(Status::incomplete, open, "unclosed `\"`");
  ++pos_;
}

void PosixParser::process_substitution() {
  const uint32_t begin = pos_;
  Nesting nesting(budget_, options_.limits);
  if (!nesting.ok) return fail(Status::too_complex, pos_, "nested too deeply");
  pos_ += 2;
  const Script* script = substituted_list();
  if (peek() == ')' && !at_end())
    ++pos_;
  else
    expected("`)` of `" + std::string(slice(begin, begin + 1)) + "(`");
  Part& p = add_part(PartKind::process, begin, false);
  p.text = slice(begin, begin + 1);
  p.hold(script);
}

/// bash ?( *( +( @( !( and zsh ( … ): alternatives separated by |, each read as a word of its own.
void PosixParser::pattern_group(uint32_t begin) {
  Nesting nesting(budget_, options_.limits);
  if (!nesting.ok) return fail(Status::too_complex, pos_, "nested too deeply");
  ++pos_;  // (
  const bool outer_braces = std::exchange(brace_ends_word_, false);
  const size_t mark = words_.mark();
  // zsh: an operator ends the word, closed or not; so does the end of the text. A newline does not.
  const auto cut = [this] {
    return is_zsh() && (std::string_view(";&").find(peek()) != std::string_view::npos ||
                        ((peek() == '<' || peek() == '>') && !word_starts()));
  };
  while (!at_end() && peek() != ')' && !cut()) {
    const uint32_t before = pos_;
    const size_t part_mark = parts_.mark();
    while (!at_end() && peek() != '|' && peek() != ')' && !cut()) {
      if (std::string_view(" \t\n;&<>").find(peek()) != std::string_view::npos &&
          !(peek(1) == '(' && peek() != '&')) {
        add_text(pos_, pos_ + 1, false, false);
        ++pos_;
      } else if (peek() == '(') {
        pattern_group(pos_);
      } else {
        const uint32_t at = pos_;
        parts(Mode::word);
        if (pos_ == at) ++pos_;
      }
    }
    words_.push(finish_word(before, part_mark));
    if (peek() == '|' && !at_end()) ++pos_;
  }
  brace_ends_word_ = outer_braces;
  if (!at_end() && peek() == ')')
    ++pos_;
  else if (!is_zsh())
    expected("`)` of a pattern");
  add_part(PartKind::extglob, begin, false).hold(take_words(mark));
}

}  // namespace cmdai::syntax
