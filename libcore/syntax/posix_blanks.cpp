// Between words: blanks, comments, newlines, continuations; and the reserved words.
#include <algorithm>

#include "libcore/syntax/posix_parser.hpp"

namespace cmdai::syntax {

void PosixParser::note(TokenKind kind, uint32_t begin) {
  if (options_.keep_tokens && !nested_text_ && substitutions_ == 0 && pos_ > begin && !failed())
    tree_.tokens.push_back({kind, {begin, pos_}});
}

void PosixParser::skip_continuations() {
  while (peek() == '\\' && peek(1) == '\n') pos_ += 2;
}

void PosixParser::skip_blanks() {
  while (!at_end()) {
    const char c = peek();
    if (c == ' ' || c == '\t') {
      ++pos_;
    } else if (c == '\\' && peek(1) == '\n') {
      pos_ += 2;
    } else if (c == '#' && !(is_zsh() && dialect_.interactive) &&
               (pos_ == 0 || is_meta(src_[pos_ - 1]) || (pos_ > 1 && src_[pos_ - 1] == '\n'))) {
      pos_ = static_cast<uint32_t>(std::min<size_t>(src_.find('\n', pos_), end_));
    } else {
      return;
    }
  }
}

bool PosixParser::take_newline() {
  if (at_end() || peek() != '\n') return false;
  ++pos_;
  read_here_documents();
  return true;
}

void PosixParser::skip_newlines() {
  do skip_blanks();
  while (take_newline());
}

/// The unquoted word at the cursor, as far as it consists of plain bytes; line continuations inside are
/// joined.
std::string_view PosixParser::literal_ahead(std::string& storage) const {
  constexpr uint32_t kLongest = 64;  // no reserved word, no declaring builtin is longer
  uint32_t at = pos_;
  bool joined = false;
  while (true) {
    if (!joined)
      while (at < end_ && is_plain(src_[at])) ++at;
    if (at >= end_) break;
    const char c = src_[at];
    const bool dropped = c == '\0' && is_sh();  // dash does not see NUL bytes
    if (dropped || (c == '\\' && at + 1 < end_ && src_[at + 1] == '\n')) {
      if (!joined) storage.assign(src_.substr(pos_, at - pos_));
      joined = true;
      at += dropped ? 1 : 2;
      continue;
    }
    if (is_meta(c) || c == '$' || c == '`' || c == '\'' || c == '"' || c == '\\') break;
    if (is_zsh() && at > pos_ && (c == '{' || c == '}')) break;
    if (joined) storage += c;
    ++at;
    if (at - pos_ > kLongest) return {};
  }
  if (at - pos_ > kLongest) return {};
  if (at < end_ &&
      (src_[at] == '$' || src_[at] == '`' || src_[at] == '\'' || src_[at] == '"' || src_[at] == '\\'))
    return {};
  return joined ? std::string_view(storage) : src_.substr(pos_, at - pos_);
}

bool PosixParser::keyword_ahead(std::string_view text) const {
  if (at_end() || (peek() != text[0] && peek() != '\\' && (peek() != '\0' || !is_sh()))) return false;
  std::string storage;
  return literal_ahead(storage) == text;
}

bool PosixParser::take_keyword(std::string_view text) {
  if (!keyword_ahead(text)) return false;
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
  return true;
}

void PosixParser::need_keyword(std::string_view text) {
  skip_newlines();
  if (!take_keyword(text)) expected("`" + std::string(text) + "`");
}

}  // namespace cmdai::syntax
