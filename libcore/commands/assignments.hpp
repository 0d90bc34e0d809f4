#pragma once
// Variables whose value runs, or decides what runs: loaders, start-up files, prompts, pagers, exported
// functions.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// The effects of setting one variable, before a command or for good.
void judge_assignment(const Invocation& invocation, const resolve::ResolvedAssignment& a, Sink& sink);

}  // namespace cmdai::commands
