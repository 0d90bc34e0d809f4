#pragma once
// Programs that make one piece of many files, or letters of bytes: what is carried away most easily.
// tar 1.34, zip 3.0, cpio 2.13, coreutils 9.1.
#include <optional>
#include <string>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Where a program that packs local files (tar c, zip, cpio -o …) or dumps a database puts the whole: a path,
/// "-" for standard output; nothing: it does not.
std::optional<std::string> archive_target(const Invocation& invocation);

/// What the output of a call is made of beyond what went in: archive, encoded, file.
Taint made_of(const Invocation& invocation);

}  // namespace cmdai::commands
