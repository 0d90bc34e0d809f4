#pragma once
// Windows' cmd.exe, as it is called from WSL, Git's bash and MSYS.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// cmd /c LINE: what rd, del, format and reg would delete.
void windows_cmd(const Call& call, Sink& sink);

}  // namespace cmdai::commands
