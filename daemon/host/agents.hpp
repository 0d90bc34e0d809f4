#pragma once
// The AI agents cmdai knows by name: what they are called, what their processes and environments look like.
// How each sends a command and wants its answer is shell-hooks/agents.
#include <span>
#include <string_view>

namespace cmdai::host {

struct Agent {
  std::string_view name;   ///< in `cmdai hook NAME`, in `actor=agent:NAME` and in rules
  std::string_view title;  ///< for people
  /// What its processes are called, blank-separated: the file name of the executable, or what it calls
  /// itself. What an editor of that name starts is a person's terminal as often as an agent's command:
  /// editors do not stand here.
  std::string_view programs;
  /// The npm package of the script that its interpreter runs; empty: there is none.
  std::string_view package;
  /// Environment variables it sets for the commands it runs, blank-separated: NAME is there, or NAME=VALUE.
  /// Inherited, and anybody can set them: evidence, no proof.
  std::string_view marks;
};

/// In the order they are listed. Lives as long as the program.
std::span<const Agent> known_agents();
/// By name; null: not known.
const Agent* find_agent(std::string_view name);

}  // namespace cmdai::host
