#pragma once
// What AI agents put around a command before they give it to a shell: a snapshot of the person's shell that
// is read first, options set back, a file that keeps the directory or the jobs. Names in it are new each
// time. Seen with Claude Code 2.1.330, Codex 0.169.0 and Gemini CLI 0.61.0.
#include <optional>
#include <string>
#include <string_view>

namespace cmdai::commands {

struct Scaffold {
  std::string command;        ///< what the agent meant to run
  bool starts_shell = false;  ///< by a shell that takes this one's place, and may ask again
};

/// nullopt: there is none. Anybody may write a scaffold around anything, so what stands around the command
/// must be judged too; that it is one says how to show the line, nothing about what it does.
std::optional<Scaffold> unwrap_scaffold(std::string_view text);

}  // namespace cmdai::commands
