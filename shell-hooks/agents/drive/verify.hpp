#pragma once
// Whether cmdai really guards an agent: the agent itself is started, with a model that makes it run harmless
// and dangerous commands in a box, and what happens is looked at.
#include <chrono>
#include <functional>
#include <string>

#include "daemon/host/verification.hpp"
#include "shell-hooks/agents/drive/verify_box.hpp"

namespace cmdai::agents {

struct VerifyRequest {
  std::string agent;    ///< by its name in host/agents.hpp
  std::string program;  ///< the path of its program
  host::Paths paths;    ///< of the user whose configuration is tested
  std::chrono::milliseconds limit{120000};
  /// Sets the agent up in the box, in the place of a copy of what the user has. Empty: the copy.
  std::function<Result<void>(const VerifyBox& box)> set_up;
};

struct Verified {
  host::Verification verification;
  std::vector<std::string> files;  ///< of the user, in which hooks of ours were found
  std::string printed;             ///< the end of what the agent printed
  int signal = 0;                  ///< not 0: it was cut short by this signal
};

/// See run_to_end() for what has to be true of this process. Nothing of the user's is written.
Result<Verified> verify(const VerifyRequest& request);

}  // namespace cmdai::agents
