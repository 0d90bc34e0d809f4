#pragma once
// From an agent's payload on standard input to the answer on standard output: what `cmdai hook` and the small
// program that agents start in its place have in common.
#include <functional>
#include <string>

#include "daemon/ipc/frame.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::agents {

/// All of it takes at most so long; no agent blocks because of a hook that is late (docs/agents.md).
constexpr int kDeadline = 1500;  // ms
/// A daemon that does not answer within this is left for the engine in this process.
constexpr int kDaemonStart = 500;   // ms
constexpr int kDaemonAnswer = 500;  // ms

struct HookOptions {
  std::string agent;  ///< of host::known_agents()
  int deadline_ms = kDeadline;
  bool ask_daemon = true;
  bool start_daemon = true;  ///< when nobody listens; else the other judge does
};

/// Why there is no verdict of a daemon.
struct Unanswered {
  bool nobody = false;  ///< none runs: it could be started
  std::string why;
};

/// What decides where no daemon does: the `check` frame, why nobody answered, and the payload as it came.
/// Returns a `verdict` frame.
using JudgeHere = std::function<Result<ipc::Frame>(const ipc::Frame& check, const Unanswered& because,
                                                   const std::string& payload)>;

/// Never returns; never ends by a signal that can be taken.
[[noreturn]] void run_hook(const HookOptions& options, const JudgeHere& judge_here);

}  // namespace cmdai::agents
