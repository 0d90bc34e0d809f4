#pragma once
// Which kind of place a path is. Pure: what the disk would say comes through the probe, when there is one.
#include <string>
#include <string_view>

#include "libcore/base/probe.hpp"
#include "libcore/effects/effect.hpp"
#include "libcore/resolve/value.hpp"

namespace cmdai::effects {

struct Surroundings {
  std::string cwd;   ///< absolute, or empty when unknown
  std::string home;  ///< absolute, or empty when unknown
  std::string user;
  Probe* probe = nullptr;
};

/// Removes `.`, `..`, double and trailing slashes; makes relative paths absolute against cwd (kept relative
/// when cwd is unknown). Purely textual; symlinks are followed by classify() through the probe.
std::string normalize(std::string_view path, std::string_view cwd);

/// Whether a file or folder of this name is made again by tools: node_modules, dist, x.o.
bool is_rebuilt(std::string_view name);

/// Classifies the place a value names. Holes are judged at their worst where that worst is plausible:
/// "$DIR"/* with DIR unset is /*; a hole that only lengthens a path below a known place keeps that place's
/// class.
Target classify(const resolve::Value& value, const Surroundings& around);

}  // namespace cmdai::effects
