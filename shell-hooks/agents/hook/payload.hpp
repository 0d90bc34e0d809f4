#pragma once
// What an agent writes to its hook's standard input, read. Pure: the environment is handed in.
//
// The shapes were seen with Claude Code 2.1.330, Codex 0.169.0, Gemini CLI 0.61.0 and Copilot CLI 1.0.102
// (driven against a loopback model); Cursor's and Windsurf's are those of their documentation
// (cursor.com/docs/agent/hooks, docs.windsurf.com/windsurf/cascade/hooks). OpenCode has no payload of its
// own: its hooks are functions in its process. Ours is the contract between `cmdai hook opencode` and the
// plugin that calls it:
//
//   stdin   {"tool":"bash","sessionID":"ses_1","args":{"command":"ls","workdir":"/p"},"cwd":"/p"}
//           `tool`, `sessionID` and `args` as `tool.execute.before` gets them, `cwd` the directory of the
//           instance; `version` and `agent` (who asks inside it) may be there
//   stdout  nothing: let it run. {"deny":"text for the model"}: throw it.
//   status  0. Anything else, or another text: nothing was judged, throw as well.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "libcore/base/result.hpp"
#include "shell-hooks/agents/agent_call.hpp"

namespace cmdai::agents {

/// Longer payloads are refused.
constexpr size_t kMostPayload = size_t{16} << 20U;  // bytes

/// What the hook's process knows besides the payload.
struct Surroundings {
  /// The value of an environment variable; empty: unset.
  std::function<std::string(const char*)> variable;
  /// The login shell of the account database; empty: not known.
  std::function<std::string()> login_shell;
};

/// `agent`: a name of host::known_agents(). Error: what arrived is no payload of that agent, with line and
/// column where it is no JSON; a tool that is judged, but whose input does not say what it would do, is an
/// error, too: what cannot be read must not run. `json` may be any bytes.
Result<AgentCall> read_payload(std::string_view agent, std::string_view json, const Surroundings& around);

/// The files a patch in Codex's format names: `*** Add File: x`, `*** Update File:`, `*** Delete File:`,
/// `*** Move to:`.
std::vector<AgentCall::File> files_of_patch(std::string_view patch);

}  // namespace cmdai::agents
