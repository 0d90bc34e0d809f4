#pragma once
// Who asks: what a request says, held against what the machine shows of the process behind it.
#include <sys/types.h>

#include <deque>
#include <optional>
#include <string>

#include "daemon/host/actor_evidence.hpp"
#include "daemon/ipc/frame.hpp"

namespace cmdai::daemon {

struct Asker {
  std::string actor = "human";  ///< `human` or `agent:NAME`
  std::string confidence;    ///< `said`, `possible`, `likely`, `certain`; empty: a person, and nothing speaks
                             ///< against it
  std::string evidence;      ///< what was seen, blank-separated words
  bool person_there = true;  ///< whom the process would ask is no agent
  pid_t agent = 0;           ///< the process of the agent; 0: not known
  /// What the request said cannot be, in words. Told once a process.
  std::string contradiction;
};

/// Not thread-safe.
class Actors {
 public:
  /// `peer`: the process that asks; 0: not known, and what is said counts.
  Asker of(const ipc::Frame& request, pid_t peer, int64_t now);
  /// The agent that started this process, in words; nullopt: there is no sign of one.
  std::optional<std::string> agent_behind(pid_t peer, int64_t now);
  /// Whether it has a controlling terminal, or nobody can tell.
  static bool has_terminal(pid_t peer);

 private:
  bool told(pid_t peer, const std::string& what);
  host::ActorEvidence evidence_;
  std::deque<std::string> told_;
};

}  // namespace cmdai::daemon
