#pragma once
// Whether a file is in the hands of who may decide with it, as sudo asks it: the file, every directory above
// it, and every link on the way belong to them, and nobody else may write there.
#include <sys/types.h>

#include <optional>
#include <string>

#include "libcore/base/result.hpp"

namespace cmdai::host {

struct Trusted {
  /// Besides root.
  std::optional<uid_t> owner;
  /// A directory of root's that all may write to counts where files in it are safe from others (/tmp).
  bool sticky = false;
};

/// Error: who else could change it, and what to do. `path` is absolute and exists.
Result<void> check_owner(const std::string& path, const Trusted& trusted);

}  // namespace cmdai::host
