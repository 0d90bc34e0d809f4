#include "libcore/effects/path_text.hpp"

#include <string>

#include "libcore/base/wildcard.hpp"

namespace cmdai::effects {

bool fits(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  std::string simple;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const size_t close = pattern[i] == '[' ? pattern.find(']', i + 2) : std::string_view::npos;
    simple += close == std::string_view::npos ? pattern[i] : '?';
    if (close != std::string_view::npos) i = close;
  }
  return wildcard_match(simple, name);
}

}  // namespace cmdai::effects
