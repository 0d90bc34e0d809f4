#pragma once
// Keys, credentials and what holds them, by name and place.
#include <string_view>
#include <vector>

#include "libcore/effects/path_class.hpp"

namespace cmdai::effects {

/// /etc/shadow, of this system or of one mounted somewhere; not a file of that name in somebody's work.
bool is_etc_secret(std::string_view path, const std::vector<std::string_view>& parts,
                   const Surroundings& around);
/// A key file among the tests of a project: made for them, it opens nothing.
bool is_fixture(const std::vector<std::string_view>& parts);
/// What a tool logs in with, by where it keeps it.
bool logs_in(std::string_view path);
bool is_secret(std::string_view path, std::string_view name, const Surroundings& around);

}  // namespace cmdai::effects
