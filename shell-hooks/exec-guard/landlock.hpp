#pragma once
// Landlock for the guarded tree: folders it may not change, files it may not read. Linux 5.13 or later;
// landlock(7), linux/landlock.h.
#include <string>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::exec_guard {

struct Confinement {
  std::vector<std::string> read_only;  ///< nothing in them is written, made, removed or renamed
  std::vector<std::string> hidden;     ///< nothing in them is read or run; names can still be listed
  bool empty() const { return read_only.empty() && hidden.empty(); }
};

/// The version of the kernel's Landlock; 0: it has none, or it is switched off.
int landlock_version();

/// With real paths, and checked: every path exists and the kernel can keep it. Errors name the option.
Result<Confinement> usable(const Confinement& asked);

/// What the kernel's version cannot keep although asked; empty: nothing.
std::string landlock_gap(const Confinement& confinement);

/// Confines this process and all it starts. Returns what went wrong; empty: nothing. no_new_privs is set.
std::string confine(const Confinement& confinement);

}  // namespace cmdai::exec_guard
