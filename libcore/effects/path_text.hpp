#pragma once
// Questions about the text of a normalized path.
#include <algorithm>
#include <string_view>
#include <vector>

namespace cmdai::effects {

inline std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> out;
  out.reserve(8);
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) out.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return out;
}

inline bool contains(const std::vector<std::string_view>& parts, std::string_view name) {
  return std::find(parts.begin(), parts.end(), name) != parts.end();
}

inline bool below(std::string_view path, std::string_view directory) {
  return !directory.empty() && path.starts_with(directory) &&
         (path.size() == directory.size() || path[directory.size()] == '/' || directory == "/");
}

/// Everything in a directory: the directory's own class, when only a glob follows.
inline bool is_wildcard(std::string_view name) {
  return !name.empty() && name.find_first_not_of("*?.[]!-") == std::string_view::npos &&
         name.find('*') != std::string_view::npos;
}

/// A component against a pattern, where a set counts as any character; a dot in front has to be said.
bool fits(std::string_view pattern, std::string_view name);

}  // namespace cmdai::effects
