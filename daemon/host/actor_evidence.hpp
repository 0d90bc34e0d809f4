#pragma once
// Who is behind a process: signs of an AI agent in its ancestry, its environment and its terminal. What a
// hook says of itself is not looked at here. Everything may be forged by who runs as the same user: evidence,
// no proof.
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "daemon/host/agents.hpp"
#include "daemon/host/processes.hpp"

namespace cmdai::host {

struct Evidence {
  enum class Strength : uint8_t {
    none,
    possible,  ///< an agent's environment, but a person's terminal: a terminal opened from one, most of the
               ///< time
    likely,    ///< an agent's environment and no terminal
    certain,   ///< an agent is among those that started it
  };
  Strength strength = Strength::none;
  const Agent* agent = nullptr;
  pid_t pid = 0;          ///< of the agent; 0: it is not among the ancestors
  bool terminal = false;  ///< the process has a controlling one
  std::string signs;      ///< blank-separated: `process:claude:1234`, `environment:CLAUDECODE`, `no-terminal`

  /// As the record says it. `agent_said`: the hook called itself an agent.
  std::string confidence(bool agent_said) const;
  bool says_agent() const { return strength >= Strength::likely; }
};

/// Not thread-safe. Keeps what it found for a while: a shell asks often, and its ancestors stay.
class ActorEvidence {
 public:
  /// Of a peer. Our own clients (cmdai, cmdai-hook …) speak for who started them. `now`: Unix seconds.
  const Evidence& of(pid_t pid, int64_t now);
  /// Of this very process, whatever it is called, looked at anew.
  Evidence exactly(pid_t pid, int64_t now);

 private:
  struct Kept {
    std::string birth;
    Evidence evidence;
    int64_t looked = 0;
  };
  /// The nearest agent among a process and those above it.
  struct Nearest {
    std::string birth, name;  ///< of the process
    const Agent* agent = nullptr;
    pid_t pid = 0;  ///< of the agent, where there is one
    int64_t looked = 0;
  };
  const Evidence& keep(const Process& process, int64_t now);
  Evidence evidence_of(const Process& process, int64_t now);
  Nearest look_above(const Process& process, int64_t now, int depth = 0);

  static constexpr size_t kMost = 512;
  static constexpr int64_t kTrusted =
      60;  ///< seconds; then it is made sure that the number is still that process
  std::map<pid_t, Kept> kept_;
  std::map<pid_t, Nearest> above_;
  Evidence nobody_;
};

}  // namespace cmdai::host
