#pragma once
// Password managers.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// read, item get, show …: what is asked for comes out in the open.
void judge_manager(const Call& call, Sink& sink);
/// What they print is a secret.
Value secret_output(const Call& call);

}  // namespace cmdai::commands
