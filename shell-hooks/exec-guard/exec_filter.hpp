#pragma once
// The seccomp filter that hands every execve and execveat of a process tree to a supervisor. Linux only.
// Facts: seccomp(2), seccomp_unotify(2), linux/seccomp.h.
#include <linux/filter.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::exec_guard {

/// How a system call that is notified says what it starts.
struct ExecKind {
  bool at = false;       ///< execveat: a directory first, flags last
  unsigned pointer = 8;  ///< bytes of a pointer in the caller's memory
};
/// By `seccomp_data`: every ABI the filter notifies for. nullopt: it is not one of ours.
std::optional<ExecKind> exec_kind(uint32_t arch, int number);

/// Notifies execve and execveat of the machine's ABI and of the others its kernel runs (x86-64: i386 and x32;
/// arm64: arm), fails with ENOSYS what comes by any further one, and refuses to push input into a terminal
/// (TIOCSTI, TIOCLINUX): questions are answered there.
Result<std::vector<sock_filter>> exec_filter();

/// What the kernel made of the filter.
struct Installed {
  int listener = -1;  ///< whoever holds it answers; -1: see `error`
  int error = 0;      ///< errno. EBUSY: a supervisor guards this tree already
};
/// In the process that is to be guarded, with one thread: sets no_new_privs and installs the filter. What it
/// starts inherits both, and nothing takes them off again.
Installed install(const std::vector<sock_filter>& filter);

}  // namespace cmdai::exec_guard
