#pragma once
// Other processes of this machine.
#include <sys/types.h>

#include <string>

namespace cmdai::host {

/// When it began, as the kernel counts; two processes of one number differ in it. Empty: nobody can tell.
std::string process_birth(pid_t pid);

}  // namespace cmdai::host
