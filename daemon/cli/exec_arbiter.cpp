#include "daemon/cli/exec_arbiter.hpp"

#include <fmt/format.h>

#include <exception>
#include <thread>
#include <utility>

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

std::string key_of(const ExecCall& call, const std::vector<std::string>& lines) {
  std::string out = call.identity;
  for (const std::string& line : lines) out.append(line).append(1, '\0');
  return out += call.cwd;
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

bool known_to(RunContext& run, const ExecCall& call, const std::vector<std::string>& lines) {
  if (call.identity.empty() || run.follow_ups == nullptr) return false;
  return run.cache.allows(key_of(call, lines), steady_ms()) && run.follow_ups->add(call, lines);
}

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
    if (reply && reply->type == "verdict") return std::move(*reply);
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

void ExecArbiter::remember(const ipc::Frame& verdict, const std::string& key) {
  const std::string* policy = verdict.find("policy");
  if (policy == nullptr) return;  // judged here
  if (verdict.get("stable") == "1")
    run_.cache.confirm(key, *policy, steady_ms());
  else
    run_.cache.forget(key, *policy);
}

ipc::Frame ExecArbiter::check_with_parent(const ExecCall& call, const std::vector<std::string>& lines) const {
  ipc::Frame check = check_of(call, lines, 1);
  if (const exec_guard::Ancestor parent = run_.lineage.parent(call); parent.pid != 0)
    check.add("parent", parent.line).add("parent.pid", std::to_string(parent.pid));
  return check;
}

void ExecArbiter::follow_up(const ExecCall& call, const std::vector<std::string>& lines) {
  const std::string key = key_of(call, lines);
  try {
    ExecCall numbered = call;
    add_numbers(numbered);
    const ipc::Frame check = check_with_parent(numbered, lines);
    if (!numbered.birth.empty()) run_.lineage.runs(numbered, lines[0]);
    remember(verdict_on(check), key);
  } catch (const std::exception&) {
    run_.cache.forget(key, {});  // whatever went wrong: nothing of before counts
  }
}

Ruling ExecArbiter::judge(const ExecCall& call, const std::vector<std::string>& lines) {
  ipc::Frame check = check_with_parent(call, lines);
  check.add("tty", run_.question.possible() ? "1" : "0");
  ipc::Frame verdict = verdict_on(check);
  for (size_t other = 2; other < lines.size(); ++other) {
    ipc::Frame again = verdict_on(check_of(call, lines, other));
    if (policy::strictness(action_of(again)) > policy::strictness(action_of(verdict)))
      verdict = std::move(again);
  }
  const Action action = action_of(verdict);
  if (lines.size() <= 2 && !call.identity.empty()) remember(verdict, key_of(call, lines));
  if (action != Action::allow && action != Action::warn) return stopped(call, lines[0], verdict);
  run_.lineage.runs(call, lines[0]);
  if (const std::string* rule = verdict.find("approved"))
    run_.lineage.approve(call, approval_of(verdict, *rule));
  return {true, {}};
}

void FollowUps::start() {
  std::thread([this] { work(); }).detach();
}

bool FollowUps::add(const ExecCall& call, const std::vector<std::string>& lines) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMost) return false;
    first = waiting_.empty();
    waiting_.emplace_back(call, lines);
  }
  if (first) changed_.notify_all();
  return true;
}

void FollowUps::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !waiting_.empty(); });
    // Many at once: a program that is let run is not to share its processor with the record of it.
    changed_.wait_for(lock, kTogether, [this] { return hurry_; });
    std::deque<std::pair<ExecCall, std::vector<std::string>>> batch;
    batch.swap(waiting_);
    busy_ = true;
    lock.unlock();
    for (const auto& [call, lines] : batch) arbiter_.follow_up(call, lines);
    lock.lock();
    busy_ = false;
    if (waiting_.empty()) changed_.notify_all();
  }
}

void FollowUps::drain() {
  std::unique_lock lock(mutex_);
  hurry_ = true;
  changed_.notify_all();
  changed_.wait_for(lock, std::chrono::seconds(10), [this] { return waiting_.empty() && !busy_; });
}

}  // namespace cmdai::cli
