// Between words: blanks, comments, newlines, continuations; and the reserved words.
#include <algorithm>

#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {
namespace {

constexpr uint32_t kLongestLiteral = 64;  // no reserved word, no declaring builtin is longer
/// What literal_ahead() looks at.
constexpr ByteSet kLiteralStops = bytes_of(Mode::word).ends | ByteSet(std::string_view("\\'\"$`{}\0", 8));

}  // namespace

void PosixParser::keep_token(TokenKind kind, uint32_t begin) {
  if (!nested_text_ && substitutions_ == 0 && pos_ > begin && !failed())
    tree_.tokens.push_back({kind, {begin, pos_}});
}

void PosixParser::skip_continuations() {
  while (peek() == '\\' && peek(1) == '\n') pos_ += 2;
}

void PosixParser::skip_blanks_from_here() {
  while (true) {
    uint32_t at = pos_;
    while (at < end_ && (src_[at] == ' ' || src_[at] == '\t')) ++at;
    pos_ = at;
    if (at >= end_) return;
    if (src_[at] == '\\' && peek(1) == '\n')
      pos_ += 2;
    else if (src_[at] == '#' && comment_starts())
      pos_ = static_cast<uint32_t>(std::min<size_t>(src_.find('\n', pos_), end_));
    else
      return;
  }
}

/// # where a word could begin; at zsh's prompt, and in a bash without interactive_comments, it is a byte like
/// any other.
bool PosixParser::comment_starts() const {
  return !((is_zsh() || is_bash()) && dialect_.interactive) && (pos_ == 0 || is_meta(src_[pos_ - 1]));
}

/// The unquoted word at the cursor; empty when a part of it is quoted or expanded.
std::string_view PosixParser::literal_ahead() const {
  uint32_t at = pos_;
  for (const uint32_t limit = std::min(end_, pos_ + kLongestLiteral + 1); at < limit; ++at) {
    const char c = src_[at];
    if (!kLiteralStops[c]) continue;
    if (is_meta(c)) break;
    if (c == '\\' || (c == '\0' && is_sh())) return joined_literal_ahead();
    if (c == '$' || c == '`' || c == '\'' || c == '"') return {};
    if (is_zsh() && at > pos_ && (c == '{' || c == '}')) break;
  }
  return at - pos_ > kLongestLiteral ? std::string_view() : slice(pos_, at);
}

/// The same with what the shells drop left out: line continuations, and in dash NUL bytes.
std::string_view PosixParser::joined_literal_ahead() const {
  std::string joined;
  uint32_t at = pos_;
  while (at < end_ && at - pos_ <= kLongestLiteral) {
    const char c = src_[at];
    if (c == '\0' && is_sh()) {
      ++at;
    } else if (c == '\\' && at + 1 < end_ && src_[at + 1] == '\n') {
      at += 2;
    } else {
      if (is_meta(c) || (is_zsh() && at > pos_ && (c == '{' || c == '}'))) break;
      if (c == '$' || c == '`' || c == '\'' || c == '"' || c == '\\') return {};
      joined += c;
      ++at;
    }
  }
  return at - pos_ > kLongestLiteral ? std::string_view() : arena_.copy(std::string_view(joined));
}

/// Moves behind a keyword that stands here.
void PosixParser::skip_keyword(std::string_view text) {
  const uint32_t begin = pos_;
  for (size_t taken = 0; taken < text.size();) {
    if (peek() == '\\')
      pos_ += 2;
    else if (peek() == '\0')
      ++pos_;
    else
      ++pos_, ++taken;
  }
  note(TokenKind::word, begin);
}

void PosixParser::need_keyword(std::string_view text) {
  skip_newlines();
  if (!take_keyword(text)) expected("`" + std::string(text) + "`");
}

}  // namespace cmdai::syntax
