// Where the service asks plugins, and what it tells them of the machine.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "daemon/cmdaid/service.hpp"

namespace cmdai::daemon {

using ipc::Frame;
using Json = nlohmann::ordered_json;

namespace {

constexpr size_t kMostAgents = 64;

/// "AGENT STATE PATH" of the hook watch.
Json hook_json(const std::string& line) {
  const size_t first = line.find(' ');
  const size_t second = line.find(' ', first + 1);
  return {{"agent", line.substr(0, first)},
          {"state", line.substr(first + 1, second - first - 1)},
          {"file", line.substr(second + 1)}};
}

}  // namespace

/// The verdict and its event become as strict as a plugin wants them.
void Service::ask_plugins(const Frame& request, audit::Event& event, Decision& decision, const Engine& engine,
                          bool recorded) {
  if (plugins == nullptr || plugins->empty()) return;
  if (!event.actor_name.empty() && agents_seen_.size() < kMostAgents &&
      agents_seen_.insert(event.actor_name).second)
    plugins->look_again();
  const Frame question =
      decide_question(request, event, decision, engine.policy().fingerprint(), options_.now_ms(), recorded);
  if (!tighten(decision, plugins->decide(question))) return;
  const policy::Match& match = *decision.verdict.decisive();
  event.action = policy::to_string(decision.verdict.action);
  event.rule = match.rule;
  event.reason = match.title;
}

/// A plugin objects to what a person wants to let pass: what to answer, and it is in the record.
std::optional<Frame> Service::refused(const Lifted& lifted) {
  if (plugins == nullptr || plugins->empty()) return std::nullopt;
  const auto word = plugins->refuse(approve_question(lifted, options_.now_ms()));
  if (!word) return std::nullopt;
  audit::Event event;
  event.type = "approval";
  event.id = lifted.id;
  event.command = lifted.command;
  event.rule = word->rule;
  event.reason = word->reason;
  event.text = "refused";
  record(std::move(event));
  return error("denied", word->reason);
}

std::string Service::posture() {
  Json sessions = Json::array();
  for (const SessionInfo& s : sessions_.all())
    sessions.push_back({{"id", s.id},
                        {"shell", s.shell},
                        {"version", s.version},
                        {"pid", s.pid},
                        {"level", s.level},
                        {"transport", s.transport},
                        {"opened", s.opened}});
  Json hooks = Json::array();
  for (const std::string& line : hook_files) hooks.push_back(hook_json(line));
  const std::optional<Diagnostic>& broken = store_.error();
  Json out = {{"assurance", "L1"},
              {"daemon", CMDAI_VERSION},
              {"policy", store_.policy()->fingerprint()},
              {"policy_error", broken ? broken->render() : std::string()},
              {"log_error", log_.error()},
              {"lost", log_.lost()},
              {"sessions", std::move(sessions)},
              {"hooks", std::move(hooks)},
              {"agents", agents_seen_}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cmdai::daemon
