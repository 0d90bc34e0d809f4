// What becomes of a verdict: the question to a person, the answer, and how the command ended.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/cmdaid/frame_fields.hpp"
#include "daemon/cmdaid/service.hpp"
#include "daemon/host/real_probe.hpp"
#include "daemon/ipc/check_message.hpp"

namespace cmdai::daemon {

using ipc::Frame;

namespace {

constexpr std::string_view kWhoMayAllow = "a code can only be given by a person at a terminal";
constexpr std::string_view kDesktop = "desktop";

}  // namespace

Service::Remembered* Service::remembered(const std::string& id) {
  const auto it =
      std::find_if(recent_.rbegin(), recent_.rend(), [&](const Remembered& r) { return r.id == id; });
  return it == recent_.rend() ? nullptr : &*it;
}

/// What a client must know to ask: which keys count.
Frame Service::question(const Frame& request) {
  if (const char* key = missing(request, {"id"}))
    return error("missing-key", fmt::format("`question` needs `{}`", key));
  const Question* open = questions_.find(request.get("id"), now());
  if (open == nullptr) return error("not-found", "no such question is open");
  Frame out("ok");
  out.add("always", open->fixed.empty() ? "1" : "0").add_if("fixed", open->fixed);
  out.add("first", open->first ? "1" : "0");
  return out;
}

/// The lesson about what an open question asks. The verdict was said already; and without the values it
/// rested on, which are not kept, it might be another one here.
Frame Service::explain_question(const Frame& request) {
  const Question* open = questions_.find(request.get("id"), now());
  if (open == nullptr) return error("not-found", "no such question is open");
  Result<Request> read = ipc::read_check(open->request, store_.paths().home, store_.paths().user);
  if (!read) return error("bad-value", read.error().render());
  read->now = now();
  read->memory = memories_.peek(open->request.get("session"));
  host::RealProbe probe;
  const Decision decision = Engine(store_.policy_for(read->session.cwd)).check(*read, &probe);
  const std::string& text = decision.analysis.sources.front().text;
  Frame out("verdict");
  out.add("id", open->id).add("action", "ask");
  out.add("text", explain::describe_parts(decision.analysis, explain::teach(text, read->session, &probe),
                                          ipc::style_of(request)));
  return out;
}

/// Writes it down and makes it count; else what to say to the person.
std::optional<Frame> Service::allow_for_good(const std::string& id) {
  const Question* open = questions_.find(id, now());
  if (open == nullptr) return error("not-found", "no such question is open");
  if (!open->fixed.empty()) return error("denied", open->fixed);
  for (const policy::AllowEntry& entry : entries_of(*open))
    if (const auto done = host::put_allow_entry(store_.paths(), entry); !done)
      return error("internal", done.error().render());
  const Frame loaded = reload();
  if (loaded.type != "ok") return loaded;
  return std::nullopt;
}

/// What an agent does in a person's place.
void Service::record_self_approval(const std::string& why, const std::string& command,
                                   std::string_view source) {
  audit::Event event;
  event.type = "tamper";
  event.rule = "self.approve";
  event.command = command;
  event.reason = why;
  event.source = source;
  event.text = "denied";
  record(std::move(event));
}

void Service::record_contradiction(const Asker& asker, const Frame& request) {
  audit::Event event;
  event.type = "actor.contradiction";
  event.session = request.get("session");
  event.actor = "agent";
  event.actor_name = asker.actor.substr(asker.actor.find(':') + 1);
  event.confidence = asker.confidence;
  event.evidence = asker.evidence;
  event.text = asker.contradiction;
  record(std::move(event));
}

Frame Service::answer(const Frame& request, pid_t peer) {
  if (const char* key = missing(request, {"id", "answer"}))
    return error("missing-key", fmt::format("`answer` needs `{}`", key));
  const Remembered* known = remembered(request.get("id"));
  if (known == nullptr) return error("not-found", "no such verdict");
  const std::string said = request.get("answer");
  if (said != "yes" && said != "no" && said != "timeout" && said != "always" && said != "covered")
    return error("bad-value", "`answer` must be `yes`, `no`, `timeout`, `always` or `covered`");
  if (said == "yes" || said == "always") {
    if (const auto why = actors_.agent_behind(peer, now())) {
      record_self_approval(*why, known->command);
      return error("denied", fmt::format("only a person can say {}: {}", said, *why));
    }
  }
  if (said == "yes" || said == "always") {
    const Lifted lifted{said,         known->id,   known->command, known->cwd, known->session,
                        known->actor, known->rule, known->reason,  peer};
    if (std::optional<Frame> denied = refused(lifted)) return std::move(*denied);
  }
  if (said == "always")
    if (std::optional<Frame> denied = allow_for_good(known->id)) return std::move(*denied);
  questions_.close(known->id);
  memories_.answered(known->id, said == "yes" || said == "always" || said == "covered");
  audit::Event event;
  event.type = "answer";
  event.id = known->id;
  event.command = known->command;
  event.rule = known->rule;
  event.text = said;
  record(std::move(event));
  return Frame("ok");
}

/// A check says how the session's line before it ended, so that a hook need not speak once more for it.
void Service::note_last(const Frame& request) {
  const std::string* id = request.find("last.id");
  if (id == nullptr) return;
  Remembered* known = remembered(*id);
  if (known == nullptr || known->finished || known->session != request.get("session")) return;
  record_finished(*known, integer(request.find("last.status")), integer(request.find("last.ms")));
}

void Service::record_finished(Remembered& known, std::optional<int64_t> status, std::optional<int64_t> ms) {
  known.finished = true;
  sessions_.finished(known.session);
  audit::Event event;
  event.type = "finished";
  event.id = known.id;
  if (status) event.exit_status = static_cast<int>(*status);
  event.duration_ms = ms;
  record(std::move(event));
}

Frame Service::finished(const Frame& request) {
  if (const char* key = missing(request, {"id"}))
    return error("missing-key", fmt::format("`finished` needs `{}`", key));
  Remembered* known = remembered(request.get("id"));
  if (known == nullptr) return error("not-found", "no such verdict");
  record_finished(*known, integer(request.find("status")), integer(request.find("ms")));
  return Frame("ok");
}

/// Why the process may not approve anything; nullopt: it may.
std::optional<Frame> Service::deny_approval(const Frame& request, pid_t peer) {
  if (const auto why = actors_.agent_behind(peer, now())) {
    record_self_approval(*why, "cmdai allow " + request.get("code"));
    return error("denied", fmt::format("{}: {}", kWhoMayAllow, *why));
  }
  if (request.get("tty") != "1" || request.get("actor", "human") != "human" || !Actors::has_terminal(peer))
    return error("denied", kWhoMayAllow);
  return std::nullopt;
}

Frame Service::allow(const Frame& request, pid_t peer) {
  if (const char* key = missing(request, {"code"}))
    return error("missing-key", fmt::format("`allow` needs `{}`", key));
  if (std::optional<Frame> denied = deny_approval(request, peer)) return std::move(*denied);
  return lift(request.get("code"), peer, {});
}

/// What a person may do, once it is known to be one. `source`: empty, a terminal.
Frame Service::lift(const std::string& code, pid_t who, std::string_view source) {
  if (const auto waiting = approvals_.find(code, now())) {
    const StoppedRequest& stop = waiting->request;
    const Lifted lifted{"code",     "", stop.command,    stop.cwd, stop.session,
                        stop.actor, "", waiting->reason, who};
    if (std::optional<Frame> denied = refused(lifted)) return std::move(*denied);
  }
  const auto approved = approvals_.approve(code, now());
  if (!approved)
    return error("not-found", "no such code, or it is too old: run the command again for a new one");
  audit::Event event;
  event.type = "approval";
  event.command = approved->command;
  event.source = source;
  event.text = "once";
  record(std::move(event));
  if (notifier != nullptr) notifier->gone(code);
  Frame out("ok");
  out.add("cmd", approved->command).add("expires", std::to_string(approved->expires));
  return out;
}

void Service::record_choice(std::string command, std::string reason, std::string text) {
  audit::Event event;
  event.type = "approval";
  event.command = std::move(command);
  event.reason = std::move(reason);
  event.source = kDesktop;
  event.text = std::move(text);
  record(std::move(event));
}

std::string Service::choose(const DesktopChoice& choice) {
  if (const auto why = actors_.agent_behind(choice.server, now())) {
    record_self_approval(*why, "cmdai allow " + choice.code, kDesktop);
    return *why;
  }
  const auto waiting = approvals_.find(choice.code, now());
  if (!waiting) return "no such code, or it is too old";
  if (!choice.doubt.empty()) {
    record_choice(waiting->request.command, choice.doubt, "refused");
    return choice.doubt;
  }
  if (choice.allow) {
    const Frame done = lift(choice.code, choice.server, kDesktop);
    return done.type == "ok" ? std::string() : done.get("text");
  }
  approvals_.refuse(choice.code, now());
  record_choice(waiting->request.command, {}, "declined");
  if (notifier != nullptr) notifier->gone(choice.code);
  return {};
}

/// Of agents alone, whose person may look elsewhere; not where the question is put to them right there.
void Service::show_waiting(const StoppedRequest& stopped, const Asker& asker, const Frame& request,
                           const Frame& verdict) {
  if (notifier == nullptr || !stopped.actor.starts_with("agent:")) return;
  const bool person_looks = asker.evidence.find("no-terminal") == std::string::npos;
  const bool asked_there = request.get("tty") == "1" || (request.get("dialog") == "1" && person_looks);
  if (verdict.get("action") == "ask" && asked_there) return;
  notifier->waits({verdict.get("code"), stopped.actor, stopped.command, stopped.cwd, verdict.get("reason"),
                   asker.agent, now() + Approvals::kLifetime});
}

/// The newest, as many as are looked at; a command too long to be looked at needs its code.
Frame Service::pending() {
  constexpr size_t kMost = 20;
  constexpr size_t kMostBytes = 4096;
  std::vector<Approvals::Waiting> all = approvals_.waiting(now());
  std::erase_if(all, [](const Approvals::Waiting& w) {
    return w.request.command.size() + w.request.cwd.size() > kMostBytes;
  });
  if (all.size() > kMost) all.erase(all.begin(), all.end() - kMost);
  Frame out("ok");
  size_t number = 0;
  for (const Approvals::Waiting& w : all) {
    const std::string key = fmt::format("pending.{}.", ++number);
    out.add(key + "code", w.code).add(key + "cmd", w.request.command).add(key + "cwd", w.request.cwd);
    out.add(key + "actor", w.request.actor).add(key + "reason", w.reason);
  }
  return out;
}

}  // namespace cmdai::daemon
