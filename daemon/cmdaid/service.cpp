#include "daemon/cmdaid/service.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "daemon/cmdaid/frame_fields.hpp"
#include "daemon/cmdaid/log.hpp"
#include "daemon/host/build_id.hpp"
#include "daemon/host/processes.hpp"
#include "daemon/host/real_probe.hpp"
#include "daemon/ipc/check_message.hpp"
#include "libcore/commands/agent_scaffold.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::daemon {
namespace {

using Clock = std::chrono::steady_clock;
using ipc::Frame;
using policy::Action;

constexpr size_t kRememberedBytes = 4096;  ///< of a command, for the event of its answer

int64_t microseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
}

/// A shell whose process is not there any more, or another one under its number, is the end of its session.
bool shell_runs(const SessionInfo& s) {
  const auto number = integer(&s.pid);
  if (!number || *number <= 0) return true;
  const auto pid = static_cast<pid_t>(*number);
  return (kill(pid, 0) == 0 || errno != ESRCH) && host::process_birth(pid) == s.birth;
}

std::string birth_of(const std::string& pid) {
  const auto number = integer(&pid);
  return number && *number > 0 ? host::process_birth(static_cast<pid_t>(*number)) : std::string();
}

std::string_view or_dash(const std::string& word) { return word.empty() ? "-" : std::string_view(word); }

/// The code, and how to use it as the last line of the text; where a question can be asked it is not needed.
void add_code(Frame& out, const std::string& code, const Frame& request) {
  out.add("code", code);
  if (request.get("source") == "hook") return;  // an agent's hook says it in the agent's words
  if (out.get("action") == "ask" && request.get("tty") == "1") return;
  for (auto& [key, value] : out.fields)
    if (key == "text") value += fmt::format("  to run it once all the same: cmdai allow {}\n", code);
}

/// The request with what is known of who asks; nullopt: as it is.
std::optional<Frame> as_asked(const Frame& said, const Asker& asker) {
  const bool questions = said.get("tty") == "1" && !asker.person_there;
  if (!questions && asker.actor == said.get("actor", "human")) return std::nullopt;
  Frame out(said.type);
  for (const auto& [key, value] : said.fields)
    if (key != "actor" && (key != "tty" || !questions)) out.add(key, value);
  out.add("actor", asker.actor);
  return out;
}

struct Unwrapped {
  Frame request;
  bool starts_shell = false;
};

/// A script's text that an agent put together: the request for the command in it, so that it is shown,
/// recorded and approved as what the agent meant. What stands around it is judged as well: where that alone
/// changes the verdict, the text stays whole.
std::optional<Unwrapped> without_scaffold(const Frame& request, host::PolicyStore& store, int64_t now) {
  if (request.get("source") != "script") return std::nullopt;
  std::optional<commands::Scaffold> found = commands::unwrap_scaffold(request.get("cmd"));
  if (!found) return std::nullopt;
  Unwrapped out{Frame(request.type), found->starts_shell};
  for (const auto& [key, value] : request.fields) out.request.add(key, key == "cmd" ? found->command : value);
  const auto action = [&](const Frame& frame) -> std::optional<Action> {
    Result<Request> read = ipc::read_check(frame, store.paths().home, store.paths().user);
    if (!read) return std::nullopt;
    read->now = now;
    host::RealProbe probe;
    const Engine engine(store.policy_for(read->session.cwd));
    return engine.check(*read, frame.get("probe") == "1" ? &probe : nullptr).verdict.action;
  };
  if (action(request) != action(out.request)) return std::nullopt;
  return out;
}

/// It ran before this verdict: where that would not be the same any more, the event says so.
void note_other_verdict(audit::Event& event, bool stops, std::string_view then, std::string_view now) {
  if (stops || then != now)
    event.text = fmt::format("ran before this verdict: the guard had judged it, by policy {}",
                             explain::printable(std::string(then)));
}

/// The client would put the question to an agent that types into a terminal of its own.
void ask_nobody(Frame& out) {
  for (auto& [key, value] : out.fields)
    if (key == "action" && value == "ask") value = "block";
}

}  // namespace

Service::Service(host::PolicyStore& store, host::EventLog& log, ServiceOptions options)
    : store_(store), log_(log), options_(std::move(options)) {
  started_ms_ = options_.now_ms();
  boot_ = fmt::format("{:08x}", randombytes_random());
  sessions_.birth_of = birth_of;
}

Frame Service::error(std::string_view code, std::string_view text) {
  Frame out("error");
  out.add("code", code).add("text", text);
  return out;
}

std::string Service::next_id() { return fmt::format("{}-{}", boot_, ++counter_); }

bool Service::record(audit::Event event) {
  event.time_ms = options_.now_ms();
  event.policy = store_.policy()->fingerprint();
  const bool written = log_.write(event).has_value();
  if (written && on_event) heard_.push_back(log_.last_line());
  if (!answering_) settle();
  tell_of_log(written);
  return written;
}

/// What follows a line of the record: its head, and those who listen.
void Service::settle() {
  log_.settle();
  for (const std::string& line : std::exchange(heard_, {})) on_event(line);
  if (plugins != nullptr) plugins->lines_written();
}

/// A record that cannot be kept is said in the daemon's own log, once, and when it is over the gap becomes an
/// event.
void Service::tell_of_log(bool written) {
  if (log_.error() != log_problem_) {
    log_problem_ = log_.error();
    if (!log_problem_.empty()) log_error(log_problem_);
  }
  const uint64_t gap = log_.lost() - told_lost_;
  if (!written || gap == 0) return;
  told_lost_ = log_.lost();
  const std::string text = fmt::format("{} events could not be recorded", gap);
  log_warning(text + "; events are recorded again");
  record_plain("log.gap", text);
}

void Service::record_plain(std::string type, std::string text, std::string rule) {
  audit::Event event;
  event.rule = std::move(rule);
  event.type = std::move(type);
  event.text = std::move(text);
  event.pid = getpid();
  record(std::move(event));
}

void Service::handle(const Frame& request, pid_t peer, const std::function<void(Frame)>& send) {
  Frame reply;
  answering_ = true;
  try {
    reply = answer_to(request, peer);
  } catch (const std::exception& problem) {  // out of memory at worst: the others go on
    log_error(std::string("a `") + request.type + "` frame could not be handled: " + problem.what());
    reply = error("internal", "the daemon could not handle this");
  }
  if (!fits(reply)) reply = error("internal", "the answer is larger than a frame may be");
  const bool judged = request.type == "check" && reply.type == "verdict";
  send(std::move(reply));
  answering_ = false;
  try {
    remember(request);
    settle();
    if (judged) note_last(request);
  } catch (const std::exception& problem) {
    log_error(std::string("after a `") + request.type + "` frame: " + problem.what());
  }
}

Frame Service::answer_to(const Frame& request, pid_t peer) {
  if (request.type == "check") return check(request, true, peer);
  if (request.type == "explain" && request.find("id") != nullptr) return explain_question(request);
  if (request.type == "explain") return check(request, false, peer);
  if (request.type == "question") return question(request);
  if (request.type == "hello") return hello();
  if (request.type == "answer") return answer(request, peer);
  if (request.type == "finished") return finished(request);
  if (request.type == "allow") return allow(request, peer);
  if (request.type == "pending") return pending();
  if (request.type == "status") return status();
  if (request.type == "reload") return reload();
  if (request.type == "policy") return policy(request);
  if (request.type == "session") return note_session(request);
  return error("unknown-type", fmt::format("unknown frame type `{}`", explain::printable(request.type)));
}

Frame Service::hello() const {
  Frame out("welcome");
  out.add("version", CMDAI_VERSION)
      .add("build", host::build_id())
      .add("pid", std::to_string(getpid()))
      .add("capabilities", "check,explain,question,need,allow,subscribe,policy");
  return out;
}

Frame Service::note_session(const Frame& request) {
  if (const char* key = missing(request, {"session", "event"}))
    return error("missing-key", fmt::format("`session` needs `{}`", key));
  if (!sessions_.note(request, now())) return error("bad-value", "`event` must be `open`, `close` or `cwd`");
  if (request.get("event") == "close") memories_.forget(request.get("session"));
  if (plugins != nullptr) plugins->look_again();
  return Frame("ok");
}

Frame Service::check(const Frame& said, bool recorded, pid_t peer) {
  const auto start = Clock::now();
  if (const char* key = missing(said, {"cmd", "shell"}); key != nullptr && !ipc::writes_files(said))
    return error("missing-key", fmt::format("`{}` needs `{}`", said.type, key));
  const Asker asker = actors_.of(said, peer, now());
  const std::optional<Frame> corrected = as_asked(said, asker);
  const Frame& request = corrected ? *corrected : said;
  const std::optional<Unwrapped> inner = without_scaffold(request, store_, now());
  Frame out =
      answer_check(inner ? inner->request : request, recorded, asker, inner && inner->starts_shell, start);
  if (!asker.person_there && said.get("tty") == "1") ask_nobody(out);
  return out;
}

Frame Service::answer_check(const Frame& request, bool recorded, const Asker& asker, bool asks_again,
                            Clock::time_point start) {
  Result<Request> read = ipc::read_check(request, store_.paths().home, store_.paths().user);
  if (!read) return error("bad-value", read.error().render());
  read->now = now();
  const std::string session = request.get("session");
  read->memory = recorded ? memories_.of(session) : memories_.peek(session);
  host::RealProbe probe;
  Probe* const disk = request.get("probe") == "1" ? &probe : nullptr;
  const Engine engine(store_.policy_for(read->session.cwd));
  Decision decision = engine.check(*read, disk);

  Frame out("verdict");
  const std::string id = next_id();
  out.add("id", id);
  const auto told = [&] {
    audit::Event event = ipc::decision_event(request, *read, decision, engine);
    event.id = id;
    event.confidence = asker.confidence;
    event.evidence = asker.evidence;
    ask_plugins(request, event, decision, engine, recorded);
    return event;
  };
  if (!recorded) {
    if (plugins != nullptr) told();
    const explain::Lesson lesson =
        explain::teach(decision.analysis.sources.front().text, read->session, disk);
    ipc::write_verdict(out, decision, request, &lesson);
    return out;
  }
  if (ipc::waits_for_more(request, decision))
    return std::move(out.add("action", "allow").add("incomplete", "1"));
  if (ipc::asks_for_variables(request, decision)) {
    out.add("action", policy::to_string(decision.verdict.action))
        .add("need", fmt::format("{}", fmt::join(decision.verdict.need, ",")));
    return out;
  }
  audit::Event event = told();
  std::optional<audit::Event> tamper = ipc::tamper_event(event, decision);
  const bool stops = decision.verdict.action == Action::ask || decision.verdict.action == Action::block;
  const StoppedRequest stopped = stops ? StoppedRequest{ipc::subject_of(request), request.get("cwd"), session,
                                                        request.get("actor", "human")}
                                       : StoppedRequest{};
  std::string approved;                        // the rule that a code lifted
  const bool ran = request.get("ran") == "1";  // under a delegation
  if (ran) note_other_verdict(event, stops, request.get("policy"), engine.policy().fingerprint());
  if (stops && !ran && approvals_.redeem(stopped, read->now)) {
    approved = decision.verdict.decisive() != nullptr ? decision.verdict.decisive()->rule : "";
    decision.verdict.action = Action::allow;
    decision.verdict.matches.clear();
    event.action = "allow";
    event.text = "approved once by code";
    if (asks_again) approvals_.hand_over(stopped, read->now);
  }
  if (decision.memory) {
    if (decision.verdict.action == Action::ask && !ran)
      memories_.asked(session, id, std::move(*decision.memory), request.get("tty") == "1");
    else if (decision.verdict.action != Action::block || ran)
      memories_.ran(session, std::move(*decision.memory));
  }
  ipc::write_verdict(out, decision, request);
  if (request.get("detail") == "1") {
    out.add_if("approved", approved).add("policy", engine.policy().fingerprint());
  }
  if (!ran && (decision.verdict.action == Action::ask || decision.verdict.action == Action::block)) {
    add_code(out, approvals_.issue(stopped, out.get("reason"), read->now), request);
    show_waiting(stopped, asker, request, out);
  }
  if (!ran && decision.verdict.action == Action::ask) {
    Question asked = question_of(id, request, decision.verdict);
    asked.first = sessions_.first_question(session);
    questions_.add(std::move(asked), read->now);
  }
  event.latency_us = microseconds_since(start);
  if (tamper) tamper->text = event.action;
  record(std::move(event));
  if (tamper) record(std::move(*tamper));
  if (!asker.contradiction.empty()) record_contradiction(asker, request);

  ++statistics_.checks;
  statistics_.stopped += stops && !ran ? 1 : 0;
  statistics_.latencies.add(static_cast<uint64_t>(microseconds_since(start)));  // with the record
  const policy::Match* const decisive = decision.verdict.decisive();
  judged_ = Remembered{id, "", "", session, "", request.get("actor", "human"), "", false};
  if (decisive != nullptr) judged_->rule = decisive->rule, judged_->reason = decisive->title;
  if (const std::string* command = request.find("cmd");
      command != nullptr && command->size() <= kRememberedBytes)
    judged_->command = *command;
  return out;
}

/// What later frames may speak of.
void Service::remember(const Frame& request) {
  if (!judged_) return;
  sessions_.checked(request, now());
  judged_->cwd = request.get("cwd");
  recent_.push_back(std::move(*judged_));
  judged_.reset();
  if (recent_.size() > 1024) recent_.pop_front();
}

Frame Service::reload() {
  Frame out = load_again();
  if (on_judging_changed) on_judging_changed();
  return out;
}

Frame Service::delegation() const {
  if (plugins != nullptr && !plugins->empty()) return error("denied", "plugins are asked about each verdict");
  Frame out("delegation");
  out.add("policy", store_.policy()->fingerprint())
      .add("build", host::build_id())
      .add("home", store_.paths().home)
      .add("user", store_.paths().user);
  return out;
}

Frame Service::load_again() {
  const auto done = store_.reload();
  if (!done) {
    const std::string text = done.error().render();
    record_plain("policy.failed", text);
    if (plugins != nullptr) plugins->reload();
    return error("bad-policy", text);
  }
  record_plain("policy.loaded");
  Frame out("ok");
  if (plugins != nullptr)
    if (const auto broken = plugins->reload()) out.add("managed_error", broken->render());
  out.add("rules", std::to_string(store_.policy()->rules().size()))
      .add("policy", store_.policy()->fingerprint());
  return out;
}

Frame Service::status() {
  Frame out("status");
  out.add("pid", std::to_string(getpid())).add("version", CMDAI_VERSION).add("build", host::build_id());
  out.add("uptime", std::to_string((options_.now_ms() - started_ms_) / 1000)).add("socket", options_.socket);
  out.add("policy", store_.policy()->fingerprint())
      .add("rules", std::to_string(store_.policy()->rules().size()));
  if (const auto& broken = store_.error()) out.add("policy_error", broken->render());
  for (const Diagnostic& warning : store_.policy()->warnings()) out.add("policy_warning", warning.render());
  for (const Diagnostic& ended : store_.policy()->expired(now())) out.add("policy_warning", ended.render());
  out.add("checks", std::to_string(statistics_.checks)).add("stopped", std::to_string(statistics_.stopped));
  out.add("p50_us", std::to_string(statistics_.latencies.percentile(0.5)))
      .add("p99_us", std::to_string(statistics_.latencies.percentile(0.99)));
  out.add("log", log_.path());
  if (!log_.error().empty()) out.add("log_error", log_.error());
  if (log_.lost() != 0) out.add("lost", std::to_string(log_.lost()));
  out.add("connections", std::to_string(connections));
  size_t number = 0;
  for (const std::string& file : hook_files) out.add(fmt::format("hook.{}", ++number), file);
  out.add("assurance", "L1");
  if (plugins != nullptr) plugins->status(out);
  if (notifier != nullptr) notifier->status(out);
  number = 0;
  sessions_.forget_ended(shell_runs);
  memories_.keep([this](const std::string& id) { return sessions_.knows(id); });
  for (const SessionInfo& s : sessions_.all())
    out.add(
        fmt::format("session.{}", ++number),
        fmt::format("{} {} {} {} {} {} {} {} {}", s.id, or_dash(s.shell), or_dash(s.pid), or_dash(s.level),
                    or_dash(s.transport), s.last_check, s.finished, s.opened, or_dash(s.version)));
  return out;
}

}  // namespace cmdai::daemon
