#pragma once
// Which paths Landlock has to grant so that others are out of reach. Landlock only ever adds rights, to a
// path and all below; to take them from one folder, each of its neighbours gets them, and each neighbour of
// the folders above it. Pure: the listing is handed in.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::exec_guard {

/// The names in a directory, without `.` and `..`; empty when it cannot be listed.
using ListNames = std::function<std::vector<std::string>(const std::string& directory)>;

/// The fewest paths that together are everything but `withheld` (absolute, real paths). What comes to lie
/// beside them later, in a folder on the way to one, is not among them.
std::vector<std::string> granted_paths(const std::vector<std::string>& withheld, const ListNames& names);

/// Whether `path` is `folder` or lies below it.
bool lies_in(std::string_view path, std::string_view folder);

}  // namespace cmdai::exec_guard
