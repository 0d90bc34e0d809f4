#pragma once
// AI agents as programs: how one is started past the hooks that ask cmdai. Claude Code 2.1.330, Codex
// 0.169.0, Gemini CLI 0.61.0, OpenCode 1.18.33, Copilot CLI 1.0.102.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Whether a variable decides which settings an agent reads, or leaves its hooks out; or which daemon cmdai
/// asks.
void judge_agent_variable(const Invocation& invocation, const resolve::ResolvedAssignment& a, Sink& sink);

/// A shell or an interpreter that waits for somebody to type: what goes into it then is looked at by nobody
/// where the session has no hook, as an agent's has none.
void judge_live_shell(const Call& call, Sink& sink);

}  // namespace cmdai::commands
