#pragma once
// A program and everything it starts, until a deadline. Nothing of it outlives the call.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::agents {

struct Program {
  std::string path;
  std::vector<std::string> arguments;    ///< after the name
  std::vector<std::string> environment;  ///< NAME=VALUE, and nothing else
  std::string directory;
  std::string output;  ///< a file that gets what it prints, on either stream; standard input is /dev/null
};

struct Ended {
  bool in_time = true;
  int status = 0;  ///< exit status; 128 and the signal's number when a signal ended it
  int signal = 0;  ///< of those that end us: one arrived meanwhile, and the program was ended for it
  std::chrono::milliseconds took{};
};

/// Starts it in a session of its own, waits, then ends what is left: SIGTERM, two seconds, SIGKILL. On Linux
/// that takes in processes that made sessions of their own, as agents do for each command; elsewhere, the
/// group. Ended children are taken away, all of them. SIGINT, SIGTERM, SIGHUP and SIGCHLD must be blocked
/// (HeldSignals).
Result<Ended> run_to_end(const Program& program, std::chrono::milliseconds limit);

/// The signals that end a program, and SIGCHLD, wait for run_to_end() for as long as this lives. Make it
/// before any thread, which inherits it.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  struct State;
  std::unique_ptr<State> before_;
};

}  // namespace cmdai::agents
