#pragma once
// A person lets a stopped command run once. Both return an exit status.
#include <string>

namespace cmdai::cli {

/// By the code that was shown.
int allow_once(const std::string& code);
/// Shows what was stopped and asks which of it may run. Needs a terminal.
int allow_what_waits();

}  // namespace cmdai::cli
