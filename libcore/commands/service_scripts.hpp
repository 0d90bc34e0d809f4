#pragma once
// Scripts of the service manager that are called by their path.
#include <vector>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// `/etc/init.d/ssh stop` as `service ssh stop`: its name is not the program ssh. Empty: no such script.
std::vector<Argument> as_service_call(const Invocation& invocation);

}  // namespace cmdai::commands
