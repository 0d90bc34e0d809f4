#pragma once
// Directories of this machine that a container sees under another name.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/resolve/invocation.hpp"

namespace cmdai::commands {

struct MountOption {
  std::string host;    ///< as written: absolute, or from ~ or .
  std::string inside;  ///< absolute path in the container
  bool writable = true;
};

/// -v HOST:INSIDE[:ro], --mount type=bind,source=HOST,target=INSIDE[,readonly]; nullopt: a named volume or
/// nothing of the host.
std::optional<MountOption> bind_mount(std::string_view spec);

enum class Access : uint8_t { read, write };

/// A path of a container as this machine calls it; the innermost mount counts. For a directory above a mount:
/// the mount, which goes with it. nullopt: the container's own.
std::optional<resolve::Value> on_host(const resolve::Value& path, const resolve::Invocation& invocation,
                                      Access access = Access::write);

}  // namespace cmdai::commands
