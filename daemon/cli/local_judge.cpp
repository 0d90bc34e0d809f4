#include "daemon/cli/local_judge.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "daemon/host/actor_evidence.hpp"
#include "daemon/host/event_log.hpp"
#include "daemon/host/policy_store.hpp"
#include "daemon/host/real_probe.hpp"
#include "daemon/ipc/check_message.hpp"

namespace cmdai::cli {
namespace {

int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Whoever an agent started is the agent, whatever it says: as the daemon would take it.
ipc::Frame as_asked(const ipc::Frame& said, const host::Evidence& seen) {
  ipc::Frame out = said;
  if (!seen.says_agent() || said.get("actor", "human") != "human") return out;
  std::erase_if(out.fields, [](const auto& field) { return field.first == "actor"; });
  out.add("actor", fmt::format("agent:{}", seen.agent->name));
  return out;
}

}  // namespace

Result<ipc::Frame> judge_in_place(const ipc::Frame& check, const std::string& why) {
  host::ActorEvidence evidence;
  const host::Evidence& seen = evidence.of(getpid(), now_ms() / 1000);
  const ipc::Frame frame = as_asked(check, seen);
  host::PolicyStore store(host::paths_from_environment());
  Result<Request> request = ipc::read_check(frame, store.paths().home, store.paths().user);
  if (!request) return fail(request.error());
  request->now = now_ms() / 1000;
  const std::shared_ptr<const policy::Policy> policy = store.policy_for(request->session.cwd);
  host::RealProbe probe;
  const Engine engine(policy);
  const Decision decision = engine.check(*request, frame.get("probe") == "1" ? &probe : nullptr);

  ipc::Frame out("verdict");
  out.add("id", fmt::format("local-{:x}-{:x}", getpid(), now_ms()));
  if (ipc::waits_for_more(frame, decision))
    return std::move(out.add("action", "allow").add("incomplete", "1"));
  if (!ipc::asks_for_variables(frame, decision)) {
    audit::Event event = ipc::decision_event(frame, *request, decision, engine);
    event.id = out.get("id");
    event.time_ms = now_ms();
    event.policy = policy->fingerprint();
    event.confidence = seen.confidence(check.get("actor", "human") != "human");
    event.evidence = seen.signs;
    event.text = "judged without the daemon: " + why;
    host::EventLog log(store.paths().events());
    const bool recorded = log.append(event).has_value();
    if (const auto tamper = ipc::tamper_event(event, decision)) log.append(*tamper);
    out.add("note", fmt::format("{}; judged without it{}", why, recorded ? "" : ", and not recorded"));
  }
  ipc::write_verdict(out, decision, frame);
  return out;
}

}  // namespace cmdai::cli
