#pragma once
// Names of what tools make anew.
#include <string_view>

namespace cmdai::effects {

/// Whoever has a folder or file of that name, wherever it is: node_modules, x.o.
bool is_build_name(std::string_view name);
/// Of these, a folder by its whole name.
bool is_build_folder(std::string_view name);
/// In a project, ordinary words too: vendor, temp, build-linux.
bool is_project_build_name(std::string_view name);

}  // namespace cmdai::effects
