#include "daemon/cmdaid/plugin_asking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cmdai::daemon {

using ipc::Frame;
using policy::Match;

namespace {

std::string paths_json(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  return nlohmann::json(paths).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void add_request(Frame& out, const Frame& request, const audit::Event& e) {
  const auto add = [&out](const char* key, std::string_view value) {
    out.add_if(std::string("request.") + key, value);
  };
  add("id", e.id);
  add("command", e.command);
  add("typed", request.get("typed"));
  add("writes", paths_json(e.writes));
  add("shell", e.shell);
  add("cwd", e.cwd);
  add("session", e.session);
  add("actor", e.actor);
  add("actor-name", e.actor_name);
  add("confidence", e.confidence);
  add("evidence", e.evidence);
  add("source", e.source);
  add("effects", fmt::format("{}", fmt::join(e.effects, "\n")));
  add("parent", e.parent);
  add("agent-version", e.agent_version);
  add("agent-sub", e.agent_sub);
  add("tool", e.tool);
  if (e.pid != 0) add("pid", std::to_string(e.pid));
  if (e.parent_pid != 0) add("parent-pid", std::to_string(e.parent_pid));
  add("tty", request.get("tty") == "1" ? "1" : "");
}

void add_verdict(Frame& out, const policy::Verdict& verdict, const std::string& policy) {
  out.add("verdict.action", policy::to_string(verdict.action)).add("verdict.policy", policy);
  out.add_if("verdict.allowed-by", verdict.allowed_by);
  const Match* match = verdict.decisive();
  if (match == nullptr) return;
  out.add_if("verdict.rule", match->rule).add_if("verdict.severity", match->severity);
  out.add_if("verdict.reason", match->title).add_if("verdict.hint", match->hint);
  std::string rules;
  for (const Match& m : verdict.matches) rules += (rules.empty() ? "" : "\n") + m.rule;
  out.add("verdict.rules", rules);
}

const char* severity_of(policy::Action action) {
  return action == policy::Action::block ? "critical" : action == policy::Action::ask ? "high" : "medium";
}

Match match_of(const PluginWord& word, const commands::Analysis& analysis) {
  Match out;
  out.rule = word.rule;
  out.family = "plugin";
  out.severity = severity_of(word.action);
  out.layer = policy::Layer::organization;
  out.action = word.action;
  out.title = word.reason;
  out.hint = word.hint;
  if (!analysis.sources.empty())
    out.place.range = {0, static_cast<uint32_t>(analysis.sources.front().text.size())};
  return out;
}

}  // namespace

Frame decide_question(const Frame& request, const audit::Event& event, const Decision& decision,
                      const std::string& policy, int64_t now_ms, bool recorded) {
  Frame out("decide");
  add_request(out, request, event);
  out.add("request.time-ms", std::to_string(now_ms)).add("request.recorded", recorded ? "1" : "0");
  add_verdict(out, decision.verdict, policy);
  return out;
}

bool tighten(Decision& decision, const std::vector<PluginWord>& words) {
  policy::Verdict& verdict = decision.verdict;
  bool changed = false;
  for (const PluginWord& word : words) {
    if (policy::strictness(word.action) <= policy::strictness(verdict.action)) continue;
    verdict.action = word.action;
    verdict.matches.insert(verdict.matches.begin(), match_of(word, decision.analysis));
    changed = true;
  }
  return changed;
}

Frame approve_question(const Lifted& lifted, int64_t now_ms) {
  Frame out("approve");
  out.add("approval.kind", lifted.kind)
      .add_if("approval.rule", lifted.rule)
      .add_if("approval.reason", lifted.reason);
  if (lifted.pid > 0) out.add("approval.pid", std::to_string(lifted.pid));
  out.add_if("request.id", lifted.id)
      .add_if("request.command", lifted.command)
      .add_if("request.cwd", lifted.cwd);
  out.add_if("request.session", lifted.session);
  const bool human = lifted.actor.empty() || lifted.actor == "human";
  out.add("request.actor", human ? "human" : "agent");
  if (lifted.actor.starts_with("agent:")) out.add("request.actor-name", lifted.actor.substr(6));
  out.add("request.time-ms", std::to_string(now_ms)).add("request.recorded", "1");
  return out;
}

}  // namespace cmdai::daemon
