#pragma once
// How each agent is told to ask cmdai: the command line and the entry in its own format.
// Measured with Claude Code 2.1.330, Codex 0.169.0, Gemini CLI 0.61.0, OpenCode 1.18.33 and Copilot
// CLI 1.0.102; Cursor's and Windsurf's are those of their documentation.
#include <string>
#include <string_view>

#include "shell-hooks/agents/settings/json_text.hpp"

namespace cmdai::agents {

/// An absolute path that needs no more than double quotes in any shell.
bool can_be_called(std::string_view program);
/// It as one word: as it is where that is safe, else in double quotes.
std::string shell_word(std::string_view program);

/// `PROGRAM hook AGENT`, in a form that refuses whatever goes wrong: a missing program, a crash, a hang. An
/// agent by itself runs the command in these cases. It stays the same over versions: Codex trusts its exact
/// text.
std::string closed_command(std::string_view program, std::string_view agent);

/// The program a hook line or entry calls for this agent: "/usr/bin/cmdai"; empty: it is not ours.
std::string program_in_line(std::string_view command, std::string_view agent);
std::string program_in(const Json& entry, std::string_view agent);

/// The element of the agent's list of hooks for an event.
Json hook_entry(std::string_view agent, std::string_view event, std::string_view program);

}  // namespace cmdai::agents
