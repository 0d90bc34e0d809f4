#pragma once
// How each agent is started for one conversation without a person, with a model of ours.
// Measured with Claude Code 2.1.330, Codex 0.169.0, Gemini CLI 0.61.0, OpenCode 1.18.33 and Copilot
// CLI 1.0.102.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::agents {

struct AgentStart {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  ///< NAME=VALUE, beside what every agent gets
};

/// `agent` by its name in host/agents.hpp; nothing: cmdai cannot drive it. What says where the model is goes
/// by arguments and environment alone: the agent's files stay as they were written for its hook. The agent
/// may run commands without asking anybody, so that whatever stops one is its hook, or the agent's own rules.
std::optional<AgentStart> start_of(std::string_view agent, std::string_view model_url);

/// What every agent gets: a home of its own, no network but the model, which is its proxy as well and lets
/// nothing through. `path`: the PATH.
std::vector<std::string> box_environment(const std::string& home, const std::string& temporary,
                                         std::string_view path, std::string_view model_url);

}  // namespace cmdai::agents
