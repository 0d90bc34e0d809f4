#pragma once
// What the model says, turn by turn.
#include <optional>
#include <string>
#include <vector>

#include "libcore/base/result.hpp"
#include "shell-hooks/agents/model/protocol.hpp"

namespace cmdai::agents {

struct Step {
  std::string command;    ///< for the agent's shell tool, whatever it is called
  std::string tool = {};  ///< another tool instead, with `arguments` as they are
  nlohmann::json arguments = {};
};

using Script = std::vector<Step>;

/// A JSON array: of commands, or of objects with "command", or "tool" and "arguments".
Result<Script> read_script(std::string_view text);

/// The call that a step is in this conversation; nothing when the agent offers no tool for it.
std::optional<Turn::Call> call_of(const Step& step, const Conversation& conversation);

}  // namespace cmdai::agents
