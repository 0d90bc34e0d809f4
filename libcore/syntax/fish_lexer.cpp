#include "libcore/syntax/fish_lexer.hpp"

#include <algorithm>

namespace cmdai::syntax {
namespace {

/// Does this byte belong to a word outside of all nesting? `&` does when a word byte follows it (fish 3.5 and
/// later).
bool is_word_byte(std::string_view text, uint32_t at) {
  const auto plain = [&](uint32_t i) {
    return i < text.size() && std::string_view(" \n|\t;\r<>").find(text[i]) == std::string_view::npos;
  };
  if (at < text.size() && text[at] == '&') return plain(at + 1) && text[at + 1] != '&';
  return plain(at);
}

uint32_t comment_end(std::string_view text, uint32_t at) {
  return static_cast<uint32_t>(std::min(text.find('\n', at), text.size()));
}

/// One pass with an explicit stack: nesting costs a byte a level, no recursion.
class WordScan {
 public:
  WordScan(std::string_view text, uint32_t begin) : text_(text), begin_(begin), at_(begin) {}

  FishScan run(bool one_group) {
    bool word_begins = true;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\')
        ++at_;
      else if (c == '#' && word_begins)
        at_ = comment_end(text_, at_) - 1;
      else if (is_bracket(c)) {
        if (!bracket(c)) return result_;
        if (one_group && open_.empty() && !in_slice_) return finish(at_ + 1);
      } else if (c == '\'' || c == '"') {
        if (!quote(c)) return result_;
      } else if (open_.empty() && !in_slice_ && !is_word_byte(text_, at_))
        break;
      word_begins = c == '(' || (c != '\\' && !is_word_byte(text_, at_));
      ++at_;
    }
    return conclude();
  }

 private:
  static bool is_bracket(char c) {
    return c == '(' || c == ')' || c == '{' || c == '}' || c == '[' || c == ']';
  }

  FishScan finish(uint32_t end) {
    result_.end = end;
    return result_;
  }

  bool wrong(Status status, const char* message) {
    result_ = {static_cast<uint32_t>(text_.size()), status,
               std::min(at_, static_cast<uint32_t>(text_.size())), message};
    return false;
  }

  FishScan conclude() {
    if (at_ > text_.size())
      wrong(Status::incomplete, "a backslash at the end");
    else if (in_slice_)
      wrong(Status::incomplete, "unclosed `[`");
    else if (parens_ > 0)
      wrong(Status::incomplete, "unclosed `(`");
    else if (!open_.empty())
      wrong(Status::incomplete, "unclosed `{`");
    else
      return finish(at_);
    return result_;
  }

  bool bracket(char c) {
    switch (c) {
      case '(':
        ++parens_;
        open_.push_back(c);
        return true;
      case '{': open_.push_back(c); return true;
      case ')':
        if (!open_.empty() && open_.back() == '{') return wrong(Status::invalid, "`)` where `}` is expected");
        if (parens_ == 0) return wrong(Status::invalid, "`)` without `(`");
        open_.pop_back();
        --parens_;
        return resume_quotes();
      case '}':
        if (!open_.empty() && open_.back() == '(') return wrong(Status::invalid, "`}` where `)` is expected");
        if (open_.empty()) return wrong(Status::invalid, "`}` without `{`");
        open_.pop_back();
        return true;
      case '[':
        if (at_ != begin_) in_slice_ = true;  // a word may begin with it: the command [
        return true;
      default: in_slice_ = false; return true;
    }
  }

  /// "$( … )": the parenthesis interrupts the quotes, behind it they go on.
  bool resume_quotes() {
    if (interrupted_.empty() || interrupted_.back() != parens_) return true;
    interrupted_.pop_back();
    return quote('"');
  }

  bool quote(char quote) {
    for (uint32_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
        continue;
      }
      const bool substitution =
          quote == '"' && text_[i] == '$' && i + 1 < text_.size() && text_[i + 1] == '(';
      if (text_[i] != quote && !substitution) continue;
      if (substitution) interrupted_.push_back(parens_);
      at_ = i;
      return true;
    }
    return wrong(Status::incomplete, quote == '"' ? "unclosed `\"`" : "unclosed `'`");
  }

  std::string_view text_;
  const uint32_t begin_;
  uint32_t at_;
  std::string open_;
  size_t parens_ = 0;
  bool in_slice_ = false;
  std::vector<size_t> interrupted_;
  FishScan result_;
};

bool is_blank_or_end(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';' || c == '\0';
}

/// Words behind which a command is still to come.
bool precedes_command(std::string_view word) {
  for (const std::string_view w : {"and", "or", "not", "!", "if", "while", "else", "time", "begin"})
    if (w == word) return true;
  return false;
}

}  // namespace

uint32_t fish_blank_length(std::string_view text, uint32_t at) {
  if (at >= text.size()) return 0;
  const char c = text[at];
  if (c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f') return 1;
  const std::string_view three = text.substr(at, 3);
  if (three == "\u1680" || three == "\u2028" || three == "\u2029" || three == "\u205f" || three == "\u3000")
    return 3;
  if (three.size() < 3 || three[0] != '\xe2' || three[1] != '\x80') return 0;
  const auto last = static_cast<unsigned char>(three[2]);
  return last <= 0x8A && last != 0x87 ? 3 : 0;  // U+2000-200A but the no-break U+2007
}

FishScan scan_fish_word(std::string_view text, uint32_t begin, bool one_group) {
  return WordScan(text, begin).run(one_group);
}

FishToken FishLexer::take(FishTokenKind kind, uint32_t length) {
  FishToken token;
  token.kind = kind;
  token.range = {at_, at_ + length};
  at_ += length;
  return token;
}

FishToken FishLexer::wrong(Status status, uint32_t at, const char* message) {
  FishToken token;
  token.kind = FishTokenKind::error;
  token.range = {at, static_cast<uint32_t>(text_.size())};
  token.status = status;
  token.message = message;
  at_ = static_cast<uint32_t>(text_.size());
  return token;
}

void FishLexer::skip_blanks() {
  bool continued = false;
  for (;;) {
    if (const uint32_t n = fish_blank_length(text_, at_); n > 0)
      at_ += n;
    else if (peek() == '\\' && peek(1) == '\n') {
      at_ += 2;
      continued = true;
    } else if (peek() == '#') {
      const uint32_t begin = at_;
      at_ = comment_end(text_, at_);
      if (notes_ != nullptr) notes_->push_back({TokenKind::comment, {begin, at_}});
      // A comment between the halves of a continued line does not end it.
      if (continued && peek() == '\n') ++at_;
    } else
      return;
  }
}

void FishLexer::note(const FishToken& token) {
  if (notes_ == nullptr || token.range.empty() || token.kind == FishTokenKind::error) return;
  const TokenKind kind = token.kind == FishTokenKind::word ? TokenKind::word
                         : token.newline                   ? TokenKind::newline
                                                           : TokenKind::op;
  notes_->push_back({kind, token.range});
}

FishToken FishLexer::next() {
  skip_blanks();
  const FishToken token = raw();
  note(token);
  switch (token.kind) {
    case FishTokenKind::word:
      command_position_ =
          command_position_ && precedes_command(text_.substr(token.range.begin, token.range.size()));
      break;
    case FishTokenKind::left_brace:
      ++open_braces_;
      command_position_ = true;
      break;
    case FishTokenKind::right_brace: --open_braces_; [[fallthrough]];
    case FishTokenKind::redirect: command_position_ = false; break;
    default: command_position_ = true; break;
  }
  return token;
}

FishToken FishLexer::raw() {
  if (at_end()) return take(FishTokenKind::finish, 0);
  switch (peek()) {
    case '\n':
    case ';': return line_end();
    case '&': return ampersand();
    case '|': return bar();
    case '<':
    case '>': {
      FishToken token;
      redirection(token);
      return token;
    }
    default: return word();
  }
}

FishToken FishLexer::line_end() {
  FishToken token = take(FishTokenKind::end, 1);
  token.newline = text_[token.range.begin] == '\n';
  return token;
}

FishToken FishLexer::ampersand() {
  if (peek(1) == '&') return take(FishTokenKind::and_and, 2);
  if (peek(1) == '|') return take(FishTokenKind::pipe, 2);
  if (peek(1) != '>') return take(FishTokenKind::background, 1);
  uint32_t length = peek(2) == '>' ? 3 : 2;
  if (peek(length) == '?') ++length;
  FishToken token = take(FishTokenKind::redirect, length);
  token.fd_end = token.range.begin;
  return token;
}

FishToken FishLexer::bar() {
  if (peek(1) == '|') return take(FishTokenKind::or_or, 2);
  if (peek(1) == '&') return wrong(Status::invalid, at_, "`|&` is not a pipe in fish: write `&|`");
  return take(FishTokenKind::pipe, 1);
}

/// [digits] then > >> >& >>& >? >>? >| >>| < <&. False: not one, nothing taken.
bool FishLexer::redirection(FishToken& token) {
  uint32_t n = 0;
  while (is_digit(peek(n))) ++n;
  const uint32_t digits = n;
  FishTokenKind kind = FishTokenKind::redirect;
  if (peek(n) == '>') {
    ++n;
    if (peek(n) == '>') ++n;
    if (peek(n) == '|')
      kind = FishTokenKind::pipe, ++n;
    else if (peek(n) == '&' || peek(n) == '?')
      ++n;
  } else if (peek(n) == '<') {
    ++n;
    if (peek(n) == '&' || (braces_ && peek(n) == '?')) ++n;
  } else {
    return false;
  }
  if (kind == FishTokenKind::pipe && digits == 1 && peek() == '0') {
    token = wrong(Status::invalid, at_, "standard input cannot be piped onwards");
    return true;
  }
  token = take(kind, n);
  token.fd_end = token.range.begin + digits;
  return true;
}

FishToken FishLexer::word() {
  FishToken token;
  if (is_digit(peek()) && redirection(token)) return token;
  if (braces_ && peek() == '{' && command_position_ && is_blank_or_end(peek(1)))
    return take(FishTokenKind::left_brace, 1);
  if (braces_ && peek() == '}' && open_braces_ > 0) return take(FishTokenKind::right_brace, 1);
  const FishScan scan = scan_fish_word(text_, at_, false);
  if (scan.status != Status::complete) return wrong(scan.status, scan.error_at, scan.message);
  return take(FishTokenKind::word, scan.end - at_);
}

}  // namespace cmdai::syntax
