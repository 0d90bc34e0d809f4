#pragma once
// Where a refused program would have complained: the reason is written there, so that whoever started it
// (a person, or an agent that reads its commands' output) knows more than `Operation not permitted`.
#include <sys/types.h>

#include <string_view>

namespace cmdai::exec_guard {

/// Whether a text may be put on this terminal without spoiling what a full-screen program shows.
bool terminal_is_plain(int fd);

/// Writes to descriptor 2 of a process that waits for its exec: to a pipe, a socket, a file that is open for
/// writing only, a terminal no full-screen program has. Never blocks; false: nothing was written. `but_not`:
/// a descriptor of ours that was written to already; the same file gets nothing twice.
bool write_to_stderr_of(pid_t pid, std::string_view text, int but_not);

}  // namespace cmdai::exec_guard
