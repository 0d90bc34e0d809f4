#pragma once
// What the machine says of us without its name services: the hook is a static program where it can be.
#include <string>

namespace cmdai::agents {

/// Of /etc/passwd; empty: we are not in there.
std::string login_shell();

}  // namespace cmdai::agents
