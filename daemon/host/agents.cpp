#include "daemon/host/agents.hpp"

#include <algorithm>

namespace cmdai::host {
namespace {

// Seen with Claude Code 2.1.330, Codex 0.169.0, Gemini CLI 0.61.0, Copilot CLI 1.0.102 and OpenCode 1.18.33;
// Cursor's and Windsurf's from their documentation.
constexpr Agent kAgents[] = {
    {"claude-code", "Claude Code", "claude claude.exe", "@anthropic-ai/claude-code", "CLAUDECODE"},
    {"codex", "Codex", "codex", "@openai/codex", "CODEX_THREAD_ID CODEX_SESSION_ID CODEX_CI"},
    {"gemini", "Gemini CLI", "gemini", "@google/gemini-cli", "GEMINI_CLI"},
    {"copilot", "GitHub Copilot CLI", "copilot", "@github/copilot", "COPILOT_CLI"},
    {"opencode", "OpenCode", "opencode", "opencode-ai", "OPENCODE"},
    {"cursor", "Cursor", "cursor-agent", "", "CURSOR_AGENT"},
    {"windsurf", "Windsurf", "", "", ""},
};

}  // namespace

std::span<const Agent> known_agents() { return kAgents; }

const Agent* find_agent(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kAgents), std::end(kAgents), [&](const Agent& a) { return a.name == name; });
  return found == std::end(kAgents) ? nullptr : found;
}

}  // namespace cmdai::host
