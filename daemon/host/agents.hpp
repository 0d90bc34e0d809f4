#pragma once
// The AI agents cmdai knows by name: what they are called, what their processes and environments look like.
// How each sends a command and wants its answer is shell-hooks/agents.
#include <span>
#include <string_view>

namespace cmdai::host {

struct Agent {
  std::string_view name;   ///< in `cmdai hook NAME`, in `actor=agent:NAME` and in rules
  std::string_view title;  ///< for people
  /// File names of its programs, blank-separated: of the executable, or of the script an interpreter runs.
  std::string_view programs;
  /// Environment variables it sets for the commands it runs, blank-separated: NAME is there, or NAME=VALUE.
  /// Inherited, and anybody can set them: evidence, no proof.
  std::string_view marks;
};

/// In the order they are listed. Lives as long as the program.
std::span<const Agent> known_agents();
/// By name; null: not known.
const Agent* find_agent(std::string_view name);

}  // namespace cmdai::host
