#pragma once
// A verdict in the words of each agent. What each of them does with an answer was measured on the versions
// named in payload.hpp; docs/agents.md is the table. Three rules hold everywhere:
//   - to let something run is to say nothing: an explicit "allow" switches the agent's own question off
//   (Claude
//     Code, Copilot). Cursor alone takes silence for a failure.
//   - a text is never empty where something is refused: Codex runs a command that was refused without a
//   reason.
//   - fields an agent does not know are not sent: Codex takes its whole answer for a failure, and runs the
//   command.
#include <string>
#include <string_view>

#include "shell-hooks/agents/agent_call.hpp"

namespace cmdai::agents {

/// What `cmdaid` or the engine said, see `verdict` in docs/protocol.md.
struct Judgement {
  enum class Action { allow, warn, ask, block };
  Action action = Action::block;
  std::string text;  ///< what, where, why, the safer way, the rule
  std::string code;  ///< for `cmdai allow CODE`; empty: nobody can be asked that way
};

/// What the hook's process leaves.
struct HookAnswer {
  std::string out;  ///< standard output: one JSON object with a newline, or nothing
  std::string err;  ///< standard error
  int status = 0;
};

/// Whether `ask` becomes the agent's own question to the person.
bool has_dialog(std::string_view agent, const AgentCall& call, bool interactive);

/// `interactive`: somebody sits before the agent and can answer its question. Counts for Gemini CLI, which
/// asks into the void where nobody does.
HookAnswer answer(std::string_view agent, const AgentCall& call, const Judgement& judgement,
                  bool interactive);

/// Nothing could be judged: it does not run. `why` is one sentence for the model and the person. `call` may
/// be empty, where not even the payload could be read.
HookAnswer refuse(std::string_view agent, const AgentCall& call, std::string_view why);

/// Exit status and text of a refusal that every agent but OpenCode takes, for when standard output is gone:
/// ours throws at any status that is not 0.
constexpr int kRefusedByStatus = 2;

}  // namespace cmdai::agents
