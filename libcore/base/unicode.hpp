#pragma once
// Characters that do something other than show themselves. Commands are bytes; this reads them as UTF-8 where
// they are.
#include <cstdint>
#include <optional>
#include <string_view>

#include "libcore/base/range.hpp"

namespace cmdai {

struct CodePoint {
  char32_t value = 0;
  uint32_t size = 1;  ///< bytes it takes; 1 for an invalid byte
  bool valid = true;  ///< false: the byte at this place is no UTF-8 (overlong, surrogate, cut short …)
};

/// The code point that begins at `at`; `at` must be inside the text.
CodePoint decode_utf8(std::string_view text, size_t at);

enum class CharClass : uint8_t {
  plain,
  blank,      ///< tab, newline
  control,    ///< other C0, DEL, C1: may move the cursor or change the terminal
  bidi,       ///< turns the reading direction (Unicode 15, UAX 9)
  invisible,  ///< zero width, fillers, tags, hidden variation selectors
};
CharClass char_class(char32_t c);

/// Whether every byte is one of ASCII.
bool is_ascii(std::string_view text);

/// Columns on a terminal: 0 for combining marks, 2 for wide East Asian characters and emoji, else 1.
int column_width(char32_t c);

/// The first character a person cannot see or that changes what they see. Joiners inside emoji and a byte
/// order mark nowhere count as their class says; tab, newline and a carriage return before a newline are not
/// hidden.
std::optional<Range> find_hidden(std::string_view text);

}  // namespace cmdai
