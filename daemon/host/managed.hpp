#pragma once
// The managed configuration: what root says for this machine, managed.json and managed.d/*.json.
// docs/plugins.md is the manual, config/schema/managed.schema.json the schema.
#include <chrono>
#include <string>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::host {

/// One of `Plugins`.
struct PluginEntry {
  std::string name;  ///< [a-z][a-z0-9-]*, 32 bytes at most
  std::string path;  ///< absolute
  std::chrono::milliseconds deadline{25};
  std::chrono::seconds hang{10};  ///< without any answer for so long it is ended and started anew
  bool block_on_failure = false;
  std::string settings;  ///< JSON object: `Settings`, and in it `Managed`, the other top-level keys

  friend bool operator==(const PluginEntry&, const PluginEntry&) = default;
};

struct Managed {
  std::vector<std::string> files;  ///< that were read, in order; none: this machine is not managed
  bool own = false;                ///< named by whoever started the daemon: what it says binds nobody else
  std::vector<PluginEntry> plugins;
};

/// Where it is looked for.
struct ManagedPlace {
  std::string file;  ///< …/managed.json; beside it managed.d
  bool own = false;  ///< may belong to this user, too
};
/// sysconfdir/cmdai/managed.json
ManagedPlace system_place();

/// Missing files are fine. Anything else that is wrong, in the text or with who could change it, is an error:
/// nothing of it counts then.
Result<Managed> read_managed(const ManagedPlace& place);

/// Whether a plugin's file is in the same hands as the configuration has to be.
Result<void> check_plugin_file(const std::string& path, bool own);

}  // namespace cmdai::host
