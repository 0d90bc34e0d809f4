#include "shell-hooks/agents/hook/answer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace cmdai::agents {
namespace {

using Json = nlohmann::ordered_json;
using Action = Judgement::Action;

constexpr size_t kLongest = 8192;  ///< bytes of a text; agents cut what is much longer

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string bounded(std::string text) {
  if (text.size() > kLongest) text.replace(kLongest, std::string::npos, " […]");
  while (text.ends_with('\n')) text.pop_back();
  return text.empty() ? "cmdai refused this without a reason" : text;
}

/// Whom an answer is for: agent and spelling of its event.
enum class Dialect {
  claude,
  codex,
  gemini,
  copilot,
  copilot_claude,
  cursor_shell,
  cursor_tool,
  windsurf,
  opencode
};

Dialect dialect_of(std::string_view agent, const AgentCall& call) {
  if (agent == "codex") return Dialect::codex;
  if (agent == "gemini") return Dialect::gemini;
  if (agent == "copilot") return call.event == "PreToolUse" ? Dialect::copilot_claude : Dialect::copilot;
  if (agent == "cursor") return call.event == "preToolUse" ? Dialect::cursor_tool : Dialect::cursor_shell;
  if (agent == "windsurf") return Dialect::windsurf;
  if (agent == "opencode") return Dialect::opencode;
  return Dialect::claude;
}

Json before_tool(std::string_view decision, const std::string& text) {
  return {{"hookSpecificOutput",
           {{"hookEventName", "PreToolUse"},
            {"permissionDecision", decision},
            {"permissionDecisionReason", text}}}};
}

/// Whether the agent puts our question to the person. Codex runs what it is asked about; Cursor's preToolUse
/// takes `ask` and does not act on it.
bool can_ask(Dialect dialect, bool interactive) {
  switch (dialect) {
    case Dialect::claude:
    case Dialect::copilot:
    case Dialect::copilot_claude:
    case Dialect::cursor_shell: return true;
    case Dialect::gemini: return interactive;
    case Dialect::codex:
    case Dialect::cursor_tool:
    case Dialect::windsurf:
    case Dialect::opencode: break;
  }
  return false;
}

HookAnswer decide(Dialect dialect, std::string_view decision, const std::string& text) {
  switch (dialect) {
    case Dialect::claude:
    case Dialect::codex: return {line_of(before_tool(decision, text)), {}, 0};
    case Dialect::gemini: return {line_of({{"decision", decision}, {"reason", text}}), {}, 0};
    case Dialect::copilot:
      return {line_of({{"permissionDecision", decision}, {"permissionDecisionReason", text}}), {}, 0};
    case Dialect::copilot_claude: {
      Json both = before_tool(decision, text);
      both["permissionDecision"] = decision;
      both["permissionDecisionReason"] = text;
      return {line_of(both), {}, 0};
    }
    case Dialect::cursor_shell:
    case Dialect::cursor_tool:
      return {line_of({{"permission", decision}, {"user_message", text}, {"agent_message", text}}), {}, 0};
    case Dialect::windsurf: return {{}, text + '\n', kRefusedByStatus};
    case Dialect::opencode: break;
  }
  return {line_of({{"deny", text}}), {}, 0};
}

HookAnswer let_run(Dialect dialect) {
  if (dialect == Dialect::cursor_shell || dialect == Dialect::cursor_tool)
    return {line_of({{"permission", "allow"}}), {}, 0};
  return {};
}

HookAnswer warn(Dialect dialect, const std::string& text) {
  HookAnswer out = let_run(dialect);
  switch (dialect) {
    case Dialect::claude:
    case Dialect::codex:
      out.out =
          line_of({{"systemMessage", text},
                   {"hookSpecificOutput", {{"hookEventName", "PreToolUse"}, {"additionalContext", text}}}});
      break;
    case Dialect::gemini: out.out = line_of({{"systemMessage", text}}); break;
    case Dialect::copilot: out.out = line_of({{"additionalContext", text}}); break;
    case Dialect::copilot_claude:
      out.out =
          line_of({{"additionalContext", text},
                   {"hookSpecificOutput", {{"hookEventName", "PreToolUse"}, {"additionalContext", text}}}});
      break;
    case Dialect::cursor_shell:
    case Dialect::cursor_tool:
    case Dialect::windsurf:
    case Dialect::opencode: break;  // nobody would read it: it is in the record
  }
  return out;
}

std::string_view thing(const AgentCall& call) {
  return call.kind == AgentCall::Kind::file_write ? "file" : "command";
}

std::string not_done(const AgentCall& call) {
  return call.kind == AgentCall::Kind::file_write ? "The file was not written" : "The command was not run";
}

std::string text_for_model(const AgentCall& call, const Judgement& judgement) {
  std::string text = judgement.text;
  while (text.ends_with('\n')) text.pop_back();
  const bool asks = judgement.action == Action::ask;
  text += fmt::format("\n{}. ", not_done(call));
  if (judgement.code.empty())
    return text + (asks ? "A person has to do this in their own terminal: tell them what and why."
                        : "Take the safer way, or tell the person why you need this one; do not try to "
                          "reach the same in a roundabout way.");
  const std::string how = fmt::format("`cmdai allow {}` in their own terminal", judgement.code);
  if (asks)
    return text + fmt::format(
                      "A person has to approve it: tell them what and why, and that they do it with {}. "
                      "You cannot do it for them. Then send exactly the same {} again: it goes through "
                      "once.",
                      how, thing(call));
  return text + fmt::format(
                    "Take the safer way; do not try to reach the same in a roundabout way. Should the "
                    "person insist, they approve it with {}; exactly the same {} then goes through once.",
                    how, thing(call));
}

std::string text_of_question(const Judgement& judgement) {
  std::string text = judgement.text;
  while (text.ends_with('\n')) text.pop_back();
  if (judgement.code.empty()) return text;
  return text + fmt::format(
                    "\nWhere nobody is asked: `cmdai allow {}` in a terminal of the person lets exactly "
                    "this go through once.",
                    judgement.code);
}

}  // namespace

bool has_dialog(std::string_view agent, const AgentCall& call, bool interactive) {
  return can_ask(dialect_of(agent, call), interactive);
}

HookAnswer answer(std::string_view agent, const AgentCall& call, const Judgement& judgement,
                  bool interactive) {
  const Dialect dialect = dialect_of(agent, call);
  switch (judgement.action) {
    case Action::allow: return let_run(dialect);
    case Action::warn: return warn(dialect, bounded(judgement.text));
    case Action::ask:
      if (can_ask(dialect, interactive)) return decide(dialect, "ask", bounded(text_of_question(judgement)));
      break;
    case Action::block: break;
  }
  return decide(dialect, "deny", bounded(text_for_model(call, judgement)));
}

HookAnswer refuse(std::string_view agent, const AgentCall& call, std::string_view why) {
  return decide(dialect_of(agent, call), "deny",
                bounded(fmt::format("cmdai could not judge this, so it was not run: {}", why)));
}

}  // namespace cmdai::agents
