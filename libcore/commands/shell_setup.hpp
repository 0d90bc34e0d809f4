#pragma once
// Tools whose output is made for `eval "$(…)"` or `source <(…)`: a prompt, completions, an environment.
#include "libcore/resolve/invocation.hpp"

namespace cmdai::commands {

/// Whether this call prints such text. It is taken for the tool's own doing, not for unknown code.
bool prints_shell_setup(const resolve::Invocation& invocation);

/// Programs that write nothing to standard output when all goes well and nobody asked them to talk.
bool prints_nothing(const resolve::Invocation& invocation);

}  // namespace cmdai::commands
