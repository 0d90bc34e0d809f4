#include "libcore/explain/layout.hpp"

#include <fmt/format.h>

#include "libcore/base/unicode.hpp"

namespace cmdai::explain {

std::string Paint::action(policy::Action action, std::string_view text) const {
  using policy::Action;
  return wrap(action == Action::block  ? "1;31"
              : action == Action::ask  ? "1;33"
              : action == Action::warn ? "33"
                                       : "32",
              text);
}

std::string Paint::wrap(std::string_view code, std::string_view text) const {
  return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string wrapped(std::string_view text, uint32_t width, std::string_view indent) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::string_view line = first_line(text.substr(at), width);
    if (!line.empty()) out += fmt::format("{}{}\n", indent, line);
    at += line.size() + 1;
  }
  return out;
}

std::string_view first_line(std::string_view text, uint32_t width) {
  size_t taken = std::min(text.find(' '), text.size());
  uint32_t columns = columns_of(text.substr(0, taken));
  while (taken < text.size()) {
    const size_t end = std::min(text.find(' ', taken + 1), text.size());
    columns += columns_of(text.substr(taken, end - taken));
    if (columns > width) break;
    taken = end;
  }
  return text.substr(0, taken);
}

uint32_t columns_of(std::string_view text) {
  uint32_t sum = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    sum += static_cast<uint32_t>(column_width(c.value));
    at += c.size;
  }
  return sum;
}

}  // namespace cmdai::explain
