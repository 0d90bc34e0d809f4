#pragma once
// What the service says to whoever shows a person what waits for them; it knows no desktop.
#include <sys/types.h>

#include <cstdint>
#include <string>

#include "daemon/ipc/frame.hpp"

namespace cmdai::daemon {

/// An agent's command that was denied and may be allowed once.
struct WaitingStop {
  std::string code, actor, command, cwd, reason;
  pid_t agent = 0;      ///< the process of the agent; 0: not known
  int64_t expires = 0;  ///< Unix seconds
  size_t unseen = 0;    ///< bytes of a command that is too long to be shown at all; `command` is empty then
};

/// What was clicked.
struct DesktopChoice {
  std::string code;
  bool allow = false;  ///< else: refuse
  pid_t server = 0;    ///< the process that shows notifications; 0: not known
  std::string doubt;   ///< why it may be no person's; empty: it counts
};

class NotifierPort {
 public:
  virtual ~NotifierPort() = default;
  /// The same code may come again: it lives longer then. Returns at once; nothing is done in here.
  virtual void waits(WaitingStop stop) = 0;
  /// The code was used, or refused.
  virtual void gone(const std::string& code) = 0;
  /// Adds `notify`, and why it does less than it is set to (`notify_problem`).
  virtual void status(ipc::Frame& out) = 0;
};

}  // namespace cmdai::daemon
