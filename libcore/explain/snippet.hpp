#pragma once
// A line of source with a caret under the culprit, cut to the width of the terminal.
#include <string>
#include <string_view>

#include "libcore/base/range.hpp"

namespace cmdai::explain {

struct Snippet {
  std::string line;          ///< printable, one line, at most `width` columns
  uint32_t column = 0;       ///< where the culprit begins, in columns from 0
  uint32_t length = 1;       ///< columns it takes, at least 1, cut at the end of the line
  uint32_t line_number = 1;  ///< of the culprit in the text
  bool more_lines = false;   ///< the text has other lines
};

/// `width`: columns for the line itself; at least 20 is used.
Snippet snippet(std::string_view text, Range culprit, uint32_t width);

}  // namespace cmdai::explain
