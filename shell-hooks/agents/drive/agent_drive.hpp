#pragma once
// One conversation of a real agent with the loopback model.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/result.hpp"
#include "shell-hooks/agents/drive/process_tree.hpp"
#include "shell-hooks/agents/model/loopback_model.hpp"

namespace cmdai::agents {

struct Drive {
  std::string agent;    ///< by its name in host/agents.hpp
  std::string program;  ///< the path of its program
  std::string home;     ///< with its configuration
  std::string project;  ///< where it works
  std::string temporary;
  std::vector<std::string> environment;  ///< NAME=VALUE, beside what start_of() gives; wins over it
  std::chrono::milliseconds limit{120000};
  Script script;
  LoopbackModel::Observer observer;  ///< see there: of another thread
};

struct Driven {
  LoopbackModel::Progress progress;
  Ended ended;
  std::string printed;  ///< the last 64 KiB of what the agent printed
};

/// See run_to_end() for what has to be true of this process. Errors: an agent cmdai cannot drive, a program
/// that cannot be started, no loopback interface.
Result<Driven> drive(Drive drive);

}  // namespace cmdai::agents
