#pragma once
// Puts our hook into an agent's file on the disk and takes it out again; keeps the list of what was written.
#include <sys/types.h>

#include <optional>
#include <string>

#include "libcore/base/result.hpp"
#include "shell-hooks/agents/settings/hook_file.hpp"

namespace cmdai::cli {

struct HookSite {
  agents::Places places;
  std::string program;  ///< the cmdai that agents will call
  std::string record;   ///< the list of what was written
  bool system = false;  ///< files for everybody on the machine: readable to all
  bool dry_run = false;
};
/// For the user of this process, or for the machine. `program`: empty is this one.
Result<HookSite> hook_site(bool system, const std::string& root, const std::string& program);

struct HookChange {
  std::optional<std::string> before, after;  ///< texts; nullopt: no file
  std::string backup;                        ///< made, or kept where it is of use
  bool restored = false;                     ///< byte for byte what stood there before we came
  bool changed() const { return before != after; }
};
/// Error: the file is not as it should be, or cannot be written; then it is as it was.
Result<HookChange> put_hook(const agents::HookFile& file, const HookSite& site);
Result<HookChange> take_hook(const agents::HookFile& file, const HookSite& site);

}  // namespace cmdai::cli
