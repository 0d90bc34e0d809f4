#pragma once
// What package.json says npm, yarn and pnpm run.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// npm run x, npm test, yarn x, npm install …: the scripts of the package one works in. False: this call runs
/// none, or its package cannot be read.
bool run_package_scripts(const Call& call, Sink& sink);

}  // namespace cmdai::commands
