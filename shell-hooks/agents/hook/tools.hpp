#pragma once
// The tools of the agents that run commands or write files, and what their input means. Tools that are not
// here are not judged: they read, search and ask, or they are a server's (MCP), whose words nobody can know.
#include <string_view>

namespace cmdai::agents {

enum class Way {
  shell,        ///< runs a text in the agent's shell
  shell_maybe,  ///< the same, if its input has one
  powershell,   ///< in PowerShell
  whole,        ///< a file gets a new content, or goes away
  part,         ///< parts of a file change
  patch,        ///< many files, in Codex's patch format
};

struct Tool {
  std::string_view agent;  ///< of host::known_agents()
  std::string_view name;   ///< the tool's, or the event's where an event is about one kind of call
  Way way = Way::shell;
};

/// nullptr: none that is judged. Names are taken as they are, but for the case of their letters: Copilot
/// sends `bash` in one spelling of its event and `Bash` in the other.
const Tool* find_tool(std::string_view agent, std::string_view name);

}  // namespace cmdai::agents
