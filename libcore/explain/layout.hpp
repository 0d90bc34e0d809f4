#pragma once
// What the texts for a terminal have in common: colours, columns, lines that are not too long.
#include <string>
#include <string_view>

#include "libcore/policy/verdict.hpp"

namespace cmdai::explain {

class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string action(policy::Action action, std::string_view text) const;
  std::string mark(std::string_view text) const { return wrap("1;31", text); }

 private:
  std::string wrap(std::string_view code, std::string_view text) const;
  bool on_;
};

/// The words of `text` in lines of at most `width` columns. Text without spaces is not broken.
std::string wrapped(std::string_view text, uint32_t width, std::string_view indent);

/// The first of these lines; the next one begins behind the blank that follows.
std::string_view first_line(std::string_view text, uint32_t width);

/// Columns a text that is safe for a terminal takes.
uint32_t columns_of(std::string_view text);

}  // namespace cmdai::explain
