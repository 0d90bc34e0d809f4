#pragma once
// The plugins of the daemon's `status`, for people and programs.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "daemon/ipc/frame.hpp"

namespace cmdai::cli {

struct PluginSeen {
  std::string name, path, state, version, api, on_failure, restarts, pid, recorded, error, gate;
  std::vector<std::string> health;  ///< key=value
  bool well() const { return state == "ok" || state == "starting"; }
};
std::vector<PluginSeen> plugins_of(const ipc::Frame& status);

nlohmann::ordered_json plugins_json(const ipc::Frame& status);
/// Paths of the managed configuration, in the order they count.
std::vector<std::string> managed_files(const ipc::Frame& status);
/// Of `cmdai status`; empty where nothing is managed. Safe for a terminal.
std::string plugin_lines(const ipc::Frame& status);

/// What the level of assurance does not stop, in one line.
std::string assurance_line(const ipc::Frame& status);

}  // namespace cmdai::cli
