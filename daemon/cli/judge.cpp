#include "daemon/cli/judge.hpp"

#include <unistd.h>

#include <chrono>
#include <climits>
#include <cstdlib>

#include "daemon/host/policy_store.hpp"
#include "daemon/host/real_probe.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"
#include "libcore/engine.hpp"
#include "libcore/explain/lesson.hpp"

namespace cmdai::cli {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

ipc::Frame frame_of(const Question& q) {
  ipc::Frame frame(q.explain ? "explain" : "check");
  frame.add("cmd", q.command).add("shell", q.shell).add("actor", q.actor).add("source", "api");
  frame.add_if("cwd", q.cwd).add_if("home", q.home).add_if("session", q.session);
  frame.add("width", std::to_string(q.width))
      .add("color", q.color ? "1" : "0")
      .add("plain", q.plain ? "1" : "0")
      .add("probe", q.probe ? "1" : "0");
  frame.add("effects", "1");
  if (q.explain) frame.add("lesson", "1");
  return frame;
}

Answer answer_of(const ipc::Frame& frame) {
  Answer out;
  out.action = frame.get("action");
  out.rule = frame.get("rule");
  out.severity = frame.get("severity");
  out.reason = frame.get("reason");
  out.hint = frame.get("hint");
  out.text = frame.get("text");
  out.code = frame.get("code");
  out.effects = lines_of(frame.get("effects"));
  out.lesson = frame.get("lesson");
  return out;
}

}  // namespace

std::string working_directory() {
  char buffer[PATH_MAX];
  return getcwd(buffer, sizeof buffer) == nullptr ? std::string() : std::string(buffer);
}

std::string home_directory() { return host::paths_from_environment().home; }

Judge::Judge(bool local) : local_(local) {}
Judge::~Judge() = default;

std::optional<Diagnostic> Judge::broken_policy() const {
  return store_ == nullptr ? std::nullopt : store_->error();
}

Result<Answer> Judge::ask(const Question& question) {
  if (!local_)
    if (auto answer = ask_daemon(question)) return std::move(*answer);
  return ask_here(question);
}

void Judge::connect() {
  tried_ = true;
  client_.reset();
  const Result<std::string> path = ipc::socket_path();
  auto connected = path ? ipc::connect_or_start(*path)
                        : tl::unexpected<ipc::ClientError>({ipc::ClientError::Kind::broken, path.error()});
  if (connected)
    client_ = std::move(*connected);
  else
    fallback_ = connected.error().diagnostic.render();
}

std::optional<Result<Answer>> Judge::ask_daemon(const Question& question) {
  // A NUL cannot be said in a frame, and what is too long neither: the engine here reads both.
  const ipc::Frame frame = frame_of(question);
  if (!fits(frame) || question.command.find('\0') != std::string::npos) return std::nullopt;
  if (!tried_) connect();
  if (!client_) return std::nullopt;
  auto reply = client_->request(frame);
  if (!reply && reply.error().kind == ipc::ClientError::Kind::gone) {
    connect();  // it ended just now: the next one answers
    if (!client_) return std::nullopt;
    reply = client_->request(frame);
  }
  if (!reply) {
    fallback_ = reply.error().diagnostic.render();
    client_.reset();
    return std::nullopt;
  }
  if (reply->type == "verdict") return Result<Answer>(answer_of(*reply));
  Diagnostic d;
  d.message = reply->get("text", "the daemon did not understand the question");
  return Result<Answer>(fail(std::move(d)));
}

Result<Answer> Judge::ask_here(const Question& q) {
  if (store_ == nullptr) store_ = std::make_unique<host::PolicyStore>(host::paths_from_environment());
  Request request;
  request.command = q.command;
  const std::optional<Dialect> dialect = dialect_from_name(q.shell);
  if (!dialect) {
    Diagnostic d;
    d.message = "unknown shell `" + explain::printable(q.shell) + "`";
    d.hint = "known are bash, sh, dash, zsh and fish";
    return fail(std::move(d));
  }
  request.session.dialect = *dialect;
  request.session.cwd = q.cwd;
  request.session.home = q.home;
  request.session.user = store_->paths().user;
  if (q.actor != "human") request.actor.kind = policy::ActorKind::agent;
  request.actor.name = q.actor.starts_with("agent:") ? q.actor.substr(6) : "";
  request.now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  host::RealProbe probe;
  Probe* const disk = q.probe ? &probe : nullptr;
  const Decision decision = Engine(store_->policy_for(q.cwd)).check(request, disk);
  const explain::Style style{q.color, q.width, false, q.plain};
  Answer out;
  out.action = policy::to_string(decision.verdict.action);
  if (q.explain) {
    const explain::Lesson lesson =
        explain::teach(decision.analysis.sources.front().text, request.session, disk);
    out.text = explain::describe(decision.verdict, decision.analysis, lesson, style);
    out.lesson = explain::to_json(lesson, decision.verdict, decision.analysis);
  } else {
    out.text = explain::render(decision.verdict, decision.analysis, style);
  }
  for (const effects::Effect& e : decision.analysis.effects) {
    if (out.effects.size() == 32) break;
    out.effects.push_back(explain::effect_line(e));
  }
  if (const policy::Match* match = decision.verdict.decisive()) {
    out.rule = match->rule;
    out.severity = match->severity;
    out.reason = match->title;
    out.hint = match->hint;
  }
  return out;
}

}  // namespace cmdai::cli
