#pragma once
// The front process of a guarded tree: what the guard tells it, and how it behaves to its caller.
#include <sys/types.h>

#include <cstdint>

namespace cmdai::exec_guard {

struct FrontMessage {
  enum Kind : int32_t { started, stopped, ended };
  Kind kind = started;
  int32_t value = 0;  ///< process, signal, exit status
};

/// Sends from the guard; a front that is gone is no error.
void tell_front(int fd, FrontMessage::Kind kind, int value);

/// Signals that are passed on to the program, blocked: call before the guard is forked.
void block_forwarded_signals();
/// For the program: as nobody had touched them. SIGINT and the like stay ignored where they were when cmdai
/// was started (nohup).
void restore_signals();

/// Until the program ends. `guard`: for the words about its death.
int front_loop(int fd, pid_t guard);

}  // namespace cmdai::exec_guard
