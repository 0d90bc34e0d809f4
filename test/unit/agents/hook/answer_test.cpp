// Verdicts in each agent's words: the rules of answer.hpp, for every agent and every verdict.
#include "shell-hooks/agents/hook/answer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/host/agents.hpp"

using namespace cmdai;
using namespace cmdai::agents;
using Action = Judgement::Action;
using Json = nlohmann::json;

namespace {

AgentCall call(std::string event = {}) {
  AgentCall out;
  out.kind = AgentCall::Kind::command;
  out.event = std::move(event);
  return out;
}

Judgement judged(Action action) { return {action, "cmdai: what\n  rule x.y\n", "abc2345"}; }

/// The decision an agent reads out of an answer.
std::string decision(std::string_view agent, const HookAnswer& answer) {
  if (answer.status == 2) return answer.err.empty() ? "nothing" : "deny";
  if (answer.out.empty()) return "silent";
  const Json json = Json::parse(answer.out);
  if (agent == "opencode") return json.contains("deny") ? "deny" : "nothing";
  if (agent == "cursor") return json.value("permission", "nothing");
  if (agent == "gemini") return json.value("decision", "silent");
  if (agent == "copilot") return json.value("permissionDecision", "silent");
  return json.contains("hookSpecificOutput")
             ? json["hookSpecificOutput"].value("permissionDecision", "silent")
             : "nothing";
}

}  // namespace

TEST_CASE("nobody is told to allow, but Cursor") {
  for (const host::Agent& agent : host::known_agents()) {
    CAPTURE(agent.name);
    for (const Action action : {Action::allow, Action::warn}) {
      const HookAnswer given = answer(agent.name, call(), judged(action), true);
      CHECK(given.status == 0);
      CHECK(given.err.empty());
      CHECK(decision(agent.name, given) == (agent.name == "cursor" ? "allow" : "silent"));
    }
    if (agent.name != "cursor") CHECK(answer(agent.name, call(), judged(Action::allow), true).out.empty());
  }
}

TEST_CASE("who can ask, asks; who cannot, denies and says how it is approved") {
  struct Row {
    const char *agent, *event;
    bool interactive;
    const char* decision;
  };
  for (const Row& row :
       {Row{"claude-code", "PreToolUse", false, "ask"}, Row{"codex", "PreToolUse", true, "deny"},
        Row{"gemini", "BeforeTool", false, "deny"}, Row{"gemini", "BeforeTool", true, "ask"},
        Row{"copilot", "", false, "ask"}, Row{"copilot", "PreToolUse", false, "ask"},
        Row{"opencode", "", true, "deny"}, Row{"cursor", "beforeShellExecution", false, "ask"},
        Row{"cursor", "preToolUse", true, "deny"}, Row{"windsurf", "pre_run_command", true, "deny"}}) {
    CAPTURE(row.agent);
    CAPTURE(row.event);
    const HookAnswer given = answer(row.agent, call(row.event), judged(Action::ask), row.interactive);
    CHECK(decision(row.agent, given) == row.decision);
    CHECK((given.out + given.err).find("cmdai allow abc2345") != std::string::npos);
  }
}

TEST_CASE("a refusal has a reason, one line, and no key an agent does not know") {
  for (const host::Agent& agent : host::known_agents())
    for (const HookAnswer& given :
         {answer(agent.name, call(), judged(Action::block), true), answer(agent.name, call(), {}, true),
          refuse(agent.name, {}, ""), refuse(agent.name, call("PreToolUse"), std::string(100'000, 'x'))}) {
      CAPTURE(agent.name);
      CHECK(decision(agent.name, given) == "deny");
      CHECK(given.out.size() + given.err.size() > 20);
      CHECK(given.out.size() + given.err.size() < 30'000);
      CHECK(std::count(given.out.begin(), given.out.end(), '\n') == (given.out.empty() ? 0 : 1));
      if (agent.name != "codex") continue;
      const Json json = Json::parse(given.out);
      CHECK(json.size() == 1);
      CHECK(json["hookSpecificOutput"].size() == 3);
      CHECK(json["hookSpecificOutput"]["hookEventName"] == "PreToolUse");
    }
}

TEST_CASE("bytes that are no UTF-8 do not spoil an answer") {
  const HookAnswer given = refuse("codex", call(), "\xff\xfe");
  CHECK(Json::accept(given.out));
}
