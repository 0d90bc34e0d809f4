#pragma once
// Starting cmdaid-plugin: a session of its own, no descriptors but its socket, and nothing in its environment
// that would load other code into it.
#include <sys/types.h>

#include <string>

#include "libcore/base/result.hpp"

namespace cmdai::daemon {

struct PluginProcess {
  pid_t process = 0;
  int socket = -1;  ///< our end; the caller closes it
};

Result<PluginProcess> start_plugin_process(const std::string& name, const std::string& library);

}  // namespace cmdai::daemon
