#include "shell-hooks/exec-guard/landlock_rules.hpp"

#include <algorithm>

namespace cmdai::exec_guard {
namespace {

void grant(const std::string& path, const std::vector<std::string>& withheld, const ListNames& names,
           std::vector<std::string>& out) {
  const auto below = [&path](const std::string& one) { return lies_in(one, path); };
  const auto above = [&path](const std::string& one) { return lies_in(path, one); };
  if (std::any_of(withheld.begin(), withheld.end(), above)) return;
  if (std::none_of(withheld.begin(), withheld.end(), below)) {
    out.push_back(path);
    return;
  }
  for (const std::string& name : names(path))
    grant((path == "/" ? "" : path) + '/' + name, withheld, names, out);
}

}  // namespace

bool lies_in(std::string_view path, std::string_view folder) {
  if (folder == "/") return path.starts_with('/');
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::vector<std::string> granted_paths(const std::vector<std::string>& withheld, const ListNames& names) {
  std::vector<std::string> out;
  grant("/", withheld, names, out);
  return out;
}

}  // namespace cmdai::exec_guard
