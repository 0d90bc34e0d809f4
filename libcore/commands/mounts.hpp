#pragma once
// Directories of this machine that a container sees under another name.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

struct Mount {
  std::string host;    ///< as written: absolute, or from ~ or .
  std::string inside;  ///< absolute path in the container
  bool writable = true;
};

/// -v HOST:INSIDE[:ro], --mount type=bind,source=HOST,target=INSIDE[,readonly]; nullopt: a named volume or
/// nothing of the host.
std::optional<Mount> bind_mount(std::string_view spec);

/// Runs `argv` once more as this machine would see it: what lies below a mount by its path here, the rest at
/// a place where nothing is lost. Does nothing when no word and no working directory lies below a mount.
void run_on_mounts(Sink& sink, std::vector<Argument> argv, const std::vector<Mount>& mounts,
                   const std::string& workdir, std::string_view program);

}  // namespace cmdai::commands
