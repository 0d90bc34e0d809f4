#pragma once
// What fish's own builtins run and print.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// complete -a '(code)' -n 'code': run at the next Tab.
void judge_fish_completion(const Invocation& invocation, Sink& sink);

}  // namespace cmdai::commands
