#pragma once
// A list of short names in one column: names hold no line break.
#include <string>
#include <vector>

namespace cmdai::collector::sqlite {

inline std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : "\n") + name;
  return all;
}

inline std::vector<std::string> split(const std::string& all) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    names.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

}  // namespace cmdai::collector::sqlite
