#pragma once
// A plugin's shared object: loaded, and its table looked at before anything of it is called.
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/result.hpp"
#include "libcore/plugin/cmdai_plugin.h"

namespace cmdai::runner {

/// The part of a plugin's table that both sides know; what is not there is NULL. Fails on a table that is of
/// another major, or too short to be opened.
Result<cmdai_plugin_table> negotiate(const cmdai_plugin_table& theirs);

/// Loads the file and takes its table. It stays loaded: a plugin's threads may outlive its close().
Result<cmdai_plugin_table> load(const std::string& path);

/// Names of the functions a table has, as in the header.
std::vector<std::string_view> functions_of(const cmdai_plugin_table& table);

}  // namespace cmdai::runner
