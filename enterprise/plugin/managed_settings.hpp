#pragma once
// The settings of this plugin out of the managed configuration, for the programs that run beside the daemon;
// the daemon hands the same to the plugin itself (docs/plugins.md).
#include <string>

#include "enterprise/plugin/problem.hpp"

namespace cmdai::device {

struct ManagedSettings {
  std::string plugin;    ///< name of the entry
  std::string settings;  ///< JSON object: `Settings`, and in it `Managed`
};
/// `file` and managed.d/*.json beside it. `name` empty: the entry whose path is this plugin's file.
Result<ManagedSettings> read_managed_settings(const std::string& file, const std::string& name);

/// $XDG_STATE_HOME/cmdai
std::string state_home();
/// … and in it plugins/NAME
std::string state_directory(const std::string& plugin);

}  // namespace cmdai::device
