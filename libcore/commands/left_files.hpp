#pragma once
// What earlier lines of a session put into files, and what this one leaves.
#include "libcore/commands/analyzer.hpp"
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

void recall_files(const resolve::Session& session, KnownPaths& paths);
void leave_files(const KnownPaths& paths, const Analysis& line, resolve::Memory& memory);

}  // namespace cmdai::commands
