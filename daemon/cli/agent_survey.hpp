#pragma once
// Which AI agents are on this machine, and whether they ask cmdai.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/host/agents.hpp"
#include "shell-hooks/agents/settings/hook_file.hpp"

namespace cmdai::cli {

struct GuardSeen {
  agents::HookFile file;
  agents::Look look;
};

struct AgentSeen {
  const host::Agent* agent = nullptr;
  std::string program;  ///< on PATH; empty: none
  std::string version;  ///< by its package's files; empty: they do not tell
  std::string folder;   ///< of its settings; empty: none
  std::vector<GuardSeen>
      guards;  ///< files with a hook of ours in them, and the one a user's hook belongs into
  std::optional<int64_t> last_check;  ///< Unix seconds, by the record

  bool found() const { return !program.empty() || !folder.empty(); }
  /// The guard that counts: one that is live, else one that is there; null: no hook of ours anywhere.
  const GuardSeen* guard() const;
  bool guarded() const { return guard() != nullptr && guard()->look.state == agents::State::live; }
};

/// All agents cmdai knows, in the order of host::known_agents(). Reads files only, starts nothing.
std::vector<AgentSeen> survey_agents();
/// Whether this agent is here at all: its program or its folder.
bool agent_is_here(const host::Agent& agent, const agents::Places& places);

/// "3 minutes ago", for people.
std::string ago(int64_t then, int64_t now);
/// What is to do about a guard that is not live.
std::string mend_guard(std::string_view agent, const GuardSeen* guard);

}  // namespace cmdai::cli
