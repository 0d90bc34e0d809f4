// cmdai relay: what a hook calls when the daemon does not answer. It starts the daemon and asks, or judges
// with the same engine here and records that, and writes the verdict frame. The hooks know one more way to an
// answer, not one more engine.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <sstream>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/host/actor_evidence.hpp"
#include "daemon/host/event_log.hpp"
#include "daemon/host/policy_store.hpp"
#include "daemon/host/real_probe.hpp"
#include "daemon/ipc/check_message.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"

namespace cmdai::cli {
namespace {

int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The frame the hook would have sent: its fields are our operands, the command is standard input (it may be
/// longer than an argument, or than a frame).
Result<ipc::Frame> frame_of(const Arguments& a) {
  ipc::Frame frame("check");
  std::ostringstream command;
  command << std::cin.rdbuf();
  frame.add("cmd", std::move(command).str());
  for (const std::string& field : a.operands) {
    const size_t equals = field.find('=');
    if (equals == std::string::npos || equals == 0) {
      Diagnostic d;
      d.message = fmt::format("`{}` is no KEY=VALUE", explain::printable(field));
      return fail(std::move(d));
    }
    frame.add(field.substr(0, equals), std::string_view(field).substr(equals + 1));
  }
  return frame;
}

/// The daemon's answer, or why there is none.
tl::expected<ipc::Frame, std::string> ask_daemon(const ipc::Frame& frame) {
  if (!fits(frame)) return tl::unexpected<std::string>("the command is longer than a frame may be");
  const Result<std::string> path = ipc::socket_path();
  if (!path) return tl::unexpected<std::string>(path.error().message);
  auto client = ipc::connect_or_start(*path);
  if (!client) return tl::unexpected<std::string>(client.error().diagnostic.message);
  auto answer = client->request(frame);
  if (!answer) return tl::unexpected<std::string>(answer.error().diagnostic.message);
  if (answer->type != "verdict")
    return tl::unexpected<std::string>(answer->get("text", "it did not understand"));
  return std::move(*answer);
}

/// Whoever an agent started is the agent, whatever it says: as the daemon would take it.
void correct_actor(ipc::Frame& frame, const host::Evidence& seen) {
  if (!seen.says_agent() || frame.get("actor", "human") != "human") return;
  std::erase_if(frame.fields, [](const auto& field) { return field.first == "actor"; });
  frame.add("actor", fmt::format("agent:{}", seen.agent->name));
}

Result<ipc::Frame> judge_here(ipc::Frame frame, const std::string& why) {
  host::ActorEvidence evidence;
  const host::Evidence& seen = evidence.of(getpid(), now_ms() / 1000);
  correct_actor(frame, seen);
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
    event.text = "judged without the daemon: " + why;
    event.evidence = seen.signs;
    host::EventLog log(store.paths().events());
    const bool recorded = log.append(event).has_value();
    if (const auto tamper = ipc::tamper_event(event, decision)) log.append(*tamper);
    out.add("note", fmt::format("{}; judged without it{}", why, recorded ? "" : ", and not recorded"));
  }
  ipc::write_verdict(out, decision, frame);
  return out;
}

}  // namespace

int run_relay(const Arguments& a) {
  const Result<ipc::Frame> frame = frame_of(a);
  if (!frame) return complain(frame.error(), kUsage);
  std::string why = "the daemon does not answer";
  if (!a.has("local")) {
    const auto answer = ask_daemon(*frame);
    if (answer) return print(encode(*answer)), kDone;
    why = answer.error();
  }
  const Result<ipc::Frame> answer = judge_here(*frame, why);
  if (!answer) return complain(answer.error(), kNoAnswer);
  print(encode(*answer));
  return kDone;
}

}  // namespace cmdai::cli
