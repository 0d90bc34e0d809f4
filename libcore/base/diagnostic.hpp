#pragma once
// An error with a place: what a person needs to mend bad input.
#include <cstdint>
#include <string>
#include <string_view>

namespace cmdai {

struct Diagnostic {
  std::string message;      ///< one sentence, no full stop, literals in backticks
  std::string file;         ///< path or origin ("<stdin>"); empty when the error has no place
  uint32_t line = 0;        ///< 1-based; 0 = no line
  uint32_t column = 0;      ///< 1-based byte column; 0 = no column
  uint32_t length = 1;      ///< how many bytes the caret line marks
  std::string source_line;  ///< the offending line without its newline
  std::string hint;         ///< what to do instead; may be empty

  /// `file:line:col: message`, the line, a caret, `hint: ...` — each only where known. No final newline.
  std::string render() const;
};

/// Fills line, column and source_line of a diagnostic from a byte offset into `text`.
Diagnostic diagnostic_at(std::string_view text, std::string_view file, uint32_t offset, uint32_t length,
                         std::string message, std::string hint = {});

/// The candidate nearest to `word` by edit distance, or empty when none is near enough to suggest.
std::string_view nearest(std::string_view word, const std::string_view* first, const std::string_view* last);

}  // namespace cmdai
