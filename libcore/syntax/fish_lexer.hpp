#pragma once
// Tokens of fish. Internal to libcore/syntax. fish reads a whole word first, with everything nested in it —
// quotes, substitutions, braces, brackets — and looks inside only afterwards; so do we, or the accepted texts
// would differ.
#include <string>
#include <string_view>
#include <vector>

#include "libcore/syntax/builder.hpp"

namespace cmdai::syntax {

enum class FishTokenKind : uint8_t {
  word,
  redirect,
  pipe,
  and_and,
  or_or,
  background,
  end,         ///< ; or newlines
  left_brace,  ///< fish 4.1: { at command position, followed by a blank
  right_brace,
  finish,  ///< end of the text
  error,
};

struct FishToken {
  FishTokenKind kind = FishTokenKind::finish;
  Range range;
  bool newline = false;              ///< end: written as a line end, which may stand behind an operator
  uint32_t fd_end = 0;               ///< redirect, pipe: where the leading digits end
  Status status = Status::complete;  ///< error: incomplete or invalid
  const char* message = "";          ///< error: static text
};

/// What follows an opening quote, parenthesis or word start.
struct FishScan {
  uint32_t end = 0;
  Status status = Status::complete;
  uint32_t error_at = 0;
  const char* message = "";
};

/// From `begin` to the end of the word; with `one_group` (text[begin] is a parenthesis) to just behind its
/// match.
FishScan scan_fish_word(std::string_view text, uint32_t begin, bool one_group);

class FishLexer {
 public:
  FishLexer(std::string_view text, Range range, bool braces)
      : text_(text.substr(0, range.end)), at_(range.begin), braces_(braces) {}

  FishToken next();
  void set_notes(std::vector<Token>* notes) { notes_ = notes; }

 private:
  char peek(uint32_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  void skip_blanks();
  FishToken raw();
  FishToken line_end();
  FishToken ampersand();
  FishToken bar();
  FishToken word();
  bool redirection(FishToken& token);
  FishToken take(FishTokenKind kind, uint32_t length);
  FishToken wrong(Status status, uint32_t at, const char* message);
  void note(const FishToken& token);

  std::string_view text_;
  uint32_t at_;
  const bool braces_;
  uint32_t open_braces_ = 0;
  bool command_position_ = true;
  std::vector<Token>* notes_ = nullptr;
};

/// Length of a blank that separates words when it stands between them: space, tab, CR, VT, FF and the Unicode
/// spaces that iswspace() knows. 0: not one.
uint32_t fish_blank_length(std::string_view text, uint32_t at);

}  // namespace cmdai::syntax
