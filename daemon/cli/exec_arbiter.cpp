#include "daemon/cli/exec_arbiter.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "daemon/cli/follow_ups.hpp"
#include "daemon/cli/local_judge.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"
#include "libcore/base/text.hpp"
#include "libcore/explain/explain.hpp"
#include "libcore/policy/verdict.hpp"

namespace cmdai::cli {
namespace {

using exec_guard::ExecCall;
using exec_guard::Ruling;
using policy::Action;

constexpr int64_t kLeftAlone = 10'000;  ///< milliseconds after a daemon did not answer in time

int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// What is not understood is not allowed.
Action action_of(const ipc::Frame& verdict) {
  return policy::action_from_string(verdict.get("action")).value_or(Action::block);
}

exec_guard::Approved approval_of(const ipc::Frame& verdict, const std::string& rule) {
  const std::vector<std::string> effects = words_in(verdict.get("effects"), "\n");
  return {rule, {effects.begin(), effects.end()}};
}

std::string text_of(const ipc::Frame& verdict) {
  std::string text = verdict.get("text", "cmdai: this does not run\n");
  const std::string code = verdict.get("code");
  // Asked as if somebody could answer here, it comes without the code.
  if (!code.empty() && text.find(code) == std::string::npos)
    text += fmt::format("  to run it once all the same: cmdai allow {}\n", code);
  return text;
}

}  // namespace

ipc::Frame ExecArbiter::check_of(const ExecCall& call, const std::vector<std::string>& lines,
                                 size_t other) const {
  ipc::Frame frame("check");
  frame.add("cmd", lines[0]).add("shell", "bash").add("actor", run_.actor).add("source", "exec");
  if (other < lines.size()) frame.add("typed", lines[other]);
  frame.add_if("cwd", call.cwd).add_if("home", run_.home).add("pid", std::to_string(call.pid));
  frame.add("probe", "1").add("effects", "1").add("detail", "1");
  return frame;
}

std::optional<ipc::Frame> ExecArbiter::ask_daemon(const ipc::Frame& frame, std::string& why) {
  if (!fits(frame)) return why = "the command is longer than a frame may be", std::nullopt;
  if (steady_ms() < run_.daemon_down_until) return why = "the daemon did not answer in time", std::nullopt;
  // A kept connection may be one to a daemon that has ended since: once more, with a new one.
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!client_) {
      const Result<std::string> path = ipc::socket_path();
      if (!path) return why = path.error().message, std::nullopt;
      auto connected = ipc::connect_or_start(*path);
      if (!connected) return why = connected.error().diagnostic.message, std::nullopt;
      client_ = std::move(*connected);
    }
    auto reply = client_->request(frame);
    if (reply && reply->type == "verdict") {
      if (run_.follow_ups != nullptr) run_.follow_ups->daemon_answers();
      return std::move(*reply);
    }
    if (reply) return why = reply->get("text", "the daemon did not understand"), std::nullopt;
    client_.reset();
    why = reply.error().diagnostic.message;
    if (reply.error().kind == ipc::ClientError::Kind::timeout)
      run_.daemon_down_until = steady_ms() + kLeftAlone;
    if (reply.error().kind != ipc::ClientError::Kind::gone) break;
  }
  return std::nullopt;
}

ipc::Frame ExecArbiter::verdict_on(const ipc::Frame& check) {
  std::string why;
  if (auto verdict = ask_daemon(check, why)) return std::move(*verdict);
  if (auto verdict = judge_in_place(check, why)) return std::move(*verdict);
  return ipc::Frame("verdict");  // no action: a block
}

/// Why it does not count; empty: it does.
std::string ExecArbiter::say_answer(const ipc::Frame& verdict, std::string_view answer) {
  if (!client_ || verdict.get("id").starts_with("local-")) return {};
  ipc::Frame frame("answer");
  frame.add("id", verdict.get("id")).add("answer", answer);
  const auto reply = client_->request(frame);
  if (!reply) client_.reset();
  const bool denied = reply && reply->type == "error" && reply->get("code") == "denied";
  return denied ? reply->get("text", "the daemon refused") : std::string();
}

Ruling ExecArbiter::stopped(const ExecCall& call, const std::string& line, const ipc::Frame& verdict) {
  const std::string rule = verdict.get("rule");
  const bool covered = run_.lineage.covered(call, rule, words_in(verdict.get("effects"), "\n"));
  Reply reply = covered ? Reply::yes : Reply::none;
  if (!covered && action_of(verdict) == Action::ask && run_.question.possible())
    reply = run_.question.ask(verdict.get("text"), call.pid);
  if (reply == Reply::yes) {
    if (const std::string denied = say_answer(verdict, covered ? "covered" : "yes"); !denied.empty())
      return {false, fmt::format("cmdai: not run: {} ({})\n", explain::printable(denied), rule)};
    run_.lineage.runs(call, line);
    run_.lineage.approve(call, approval_of(verdict, rule));
    return {true, {}};
  }
  if (verdict.get("tty") == "1" || reply == Reply::no)
    say_answer(verdict, reply == Reply::no ? "no" : "timeout");
  return {false, reply == Reply::no ? fmt::format("cmdai: not run: a person said no ({})\n", rule)
                                    : text_of(verdict)};
}

ipc::Frame ExecArbiter::check_with_parent(const ExecCall& call, const std::vector<std::string>& lines) const {
  ipc::Frame check = check_of(call, lines, 1);
  if (const exec_guard::Ancestor parent = run_.lineage.parent(call); parent.pid != 0)
    check.add("parent", parent.line).add("parent.pid", std::to_string(parent.pid));
  return check;
}

void ExecArbiter::tell(ExecCall call, const std::vector<std::string>& lines, const std::string& policy) {
  add_numbers(call);
  ipc::Frame check = check_with_parent(call, lines);
  check.add("ran", "1").add("policy", policy);
  if (!call.birth.empty()) run_.lineage.runs(call, lines[0]);
  verdict_on(check);
}

Ruling ExecArbiter::judge(const ExecCall& call, const std::vector<std::string>& lines) {
  if (run_.follow_ups != nullptr) run_.follow_ups->settle();  // what ran before is in the record before
  ipc::Frame check = check_with_parent(call, lines);
  check.add("tty", run_.question.possible() ? "1" : "0");
  ipc::Frame verdict = verdict_on(check);
  for (size_t other = 2; other < lines.size(); ++other) {
    ipc::Frame again = verdict_on(check_of(call, lines, other));
    if (policy::strictness(action_of(again)) > policy::strictness(action_of(verdict)))
      verdict = std::move(again);
  }
  const Action action = action_of(verdict);
  if (action != Action::allow && action != Action::warn) return stopped(call, lines[0], verdict);
  run_.lineage.runs(call, lines[0]);
  if (const std::string* rule = verdict.find("approved"))
    run_.lineage.approve(call, approval_of(verdict, *rule));
  return {true, {}};
}

}  // namespace cmdai::cli
