#pragma once
// What belongs to the system: whose a place below its directories is. Paths as their components, the top
// first.
#include <string_view>
#include <vector>

#include "libcore/effects/effect.hpp"

namespace cmdai::effects {

/// A directory at the top that is the system's: etc, usr, var …
bool is_system_top(std::string_view name);
/// What package managers and servers fetch again.
bool is_system_cache(std::string_view path);
/// /usr/local and below: what somebody put there by hand is theirs to take away again, but not the shared
/// directories, and what may be data or settings is not only a program.
PathClass in_usr_local(const std::vector<std::string_view>& parts);
/// Log files directly in /var/log, journals and audit trails; old ones that were rotated are made to be
/// deleted, but those that say who was on the machine.
PathClass in_var_log(const std::vector<std::string_view>& parts);
/// Below any other of its directories.
PathClass in_system(const std::vector<std::string_view>& parts);

}  // namespace cmdai::effects
