#include "daemon/ipc/check_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::ipc {
namespace {

void read_actor(const Frame& frame, policy::Actor& actor) {
  const std::string text = frame.get("actor", "human");
  // Whoever is not plainly a person is treated as an agent.
  if (text != "human") actor.kind = policy::ActorKind::agent;
  if (text.starts_with("agent:"))
    actor.name = text.substr(6);
  else if (text != "human")
    actor.name = text;
  actor.session = frame.get("session");
}

constexpr size_t kMostFunctions = 64;
constexpr size_t kFunctionBytes = size_t{64} << 10U;  ///< of all bodies; what goes beyond is not looked at

void read_function(const std::string& name, const std::string& body, resolve::Session& session) {
  size_t bytes = body.size();
  for (const auto& [known, text] : session.functions) bytes += text.size();
  if (session.functions.size() < kMostFunctions && bytes <= kFunctionBytes)
    session.functions.try_emplace(name, body);
}

/// What differs from how the shell reads a line when nobody changes its options (docs/protocol.md).
void read_options(std::string_view options, Dialect& dialect) {
  for (const std::string& option : words_in(options, ",")) {
    if (option == "extglob") dialect.extglob = true;
    if (option == "posix") dialect.posix = true;
    if (option == "no-braces") dialect.brace_expansion = false;
    if (option == "no-comments") dialect.interactive = true;
    if (option == "no-aliases") dialect.alias_expansion = false;
    if (option == "fish4") dialect.version = 400;
  }
}

void read_session_state(const Frame& frame, resolve::Session& session) {
  for (const auto& [key, value] : frame.fields) {
    if (key.starts_with("var."))
      session.variables.try_emplace(key.substr(4), value);
    else if (key.starts_with("alias."))
      session.aliases.try_emplace(key.substr(6), value);
    else if (key.starts_with("function."))
      read_function(key.substr(9), value, session);
  }
  // zsh without INTERACTIVE_COMMENTS
  if (frame.get("comments") == "0") session.dialect.interactive = true;
  // A shell that names its aliases expands them.
  if (!session.aliases.empty()) session.dialect.alias_expansion = true;
  for (const std::string& name : words_in(frame.get("unset"), ",")) session.variables.try_emplace(name, "");
  read_options(frame.get("options"), session.dialect);
}

/// What the organization held back, and what let the line through.
void note_organization(const policy::Verdict& verdict, audit::Event& event) {
  const policy::Observed* strictest = nullptr;
  for (const policy::Observed& o : verdict.observed) {
    event.observed.push_back(
        {o.rule, std::string(policy::to_string(o.action)), std::string(policy::to_string(o.mode))});
    if (strictest == nullptr || policy::strictness(o.action) > policy::strictness(strictest->action))
      strictest = &o;
  }
  if (strictest != nullptr) event.mode = policy::to_string(strictest->mode);
  event.allowed_by = verdict.allowed_by;
  if (!verdict.allowed_by.empty()) event.allowed_layer = policy::to_string(verdict.allowed_layer);
}

uint32_t number(const std::string& text, uint32_t otherwise) {
  uint32_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size() ? value : otherwise;
}

}  // namespace

bool writes_files(const Frame& frame) {
  return frame.find("write") != nullptr || frame.find("edit") != nullptr;
}

std::string subject_of(const Frame& frame) {
  if (!writes_files(frame)) return frame.get("cmd");
  // A NUL is in no command and in no path, and is left out where a frame says it: who reads it sees the
  // blank.
  std::string out = "write";
  for (const auto& [key, value] : frame.fields)
    if (key == "write" || key == "edit") out += std::string(1, '\0') + ' ' + value;
  return out;
}

Result<Request> read_check(const Frame& frame, std::string_view home, std::string_view user) {
  Request request;
  for (const auto& [key, value] : frame.fields)
    if (key == "write" || key == "edit") request.writes.push_back({value, key == "write"});
  if (const std::string* command = frame.find("cmd"); command != nullptr && request.writes.empty())
    request.command = *command;
  const std::string shell = frame.get("shell", request.writes.empty() ? "" : "bash");
  const std::optional<Dialect> dialect = dialect_from_name(shell);
  if (!dialect) {
    Diagnostic d;
    d.message = fmt::format("unknown shell `{}`", explain::printable(shell));
    d.hint = "known are bash, sh, dash, zsh and fish";
    return fail(std::move(d));
  }
  if (const std::string* typed = frame.find("typed"); typed != nullptr && request.writes.empty())
    request.typed = *typed;
  request.session.dialect = *dialect;
  request.session.cwd = frame.get("cwd");
  request.session.home = frame.get("home", home);
  request.session.user = user;
  read_session_state(frame, request.session);
  read_actor(frame, request.actor);
  return request;
}

bool asks_for_variables(const Frame& request, const Decision& decision) {
  return request.get("vars") == "1" && !decision.verdict.need.empty();
}

bool waits_for_more(const Frame& request, const Decision& decision) {
  return request.get("partial") == "1" && decision.analysis.status == syntax::Status::incomplete &&
         decision.verdict.action != policy::Action::block;
}

audit::Event decision_event(const Frame& request, const Request& read, const Decision& decision,
                            const Engine& engine) {
  audit::Event event;
  if (read.writes.empty()) {
    event.command = request.get("cmd");
    event.shell = request.get("shell");
  }
  for (const commands::FileWrite& write : read.writes) event.writes.push_back(write.path);
  event.agent_version = request.get("agent.version");
  event.agent_sub = request.get("agent.sub");
  event.tool = request.get("agent.tool");
  event.cwd = request.get("cwd");
  event.session = request.get("session");
  event.source = request.get("source");
  event.pid = number(request.get("pid"), 0);
  event.parent_pid = number(request.get("parent.pid"), 0);
  event.parent = request.get("parent");
  event.action = policy::to_string(decision.verdict.action);
  event.actor = read.actor.kind == policy::ActorKind::human ? "human" : "agent";
  event.actor_name = read.actor.name;
  if (const policy::Match* match = decision.verdict.decisive()) {
    event.rule = match->rule;
    event.reason = match->title;
  }
  note_organization(decision.verdict, event);
  if (read.session.variables.empty() && read.session.functions.empty() && !decision.recalled) {
    event.effects = effect_lines(decision.analysis);
  } else {
    Request without = read;
    without.session.variables.clear();
    without.session.functions.clear();
    without.memory = nullptr;
    event.effects = effect_lines(engine.check(without, nullptr).analysis);
  }
  return event;
}

std::optional<audit::Event> tamper_event(const audit::Event& of, const Decision& decision) {
  const auto& matches = decision.verdict.matches;
  const auto match = std::find_if(matches.begin(), matches.end(), [](const policy::Match& m) {
    return m.family == "self" && m.rule != "self.approve";
  });
  if (match == matches.end()) return std::nullopt;
  audit::Event out = of;
  out.type = "tamper";
  out.rule = match->rule;
  out.reason = match->title;
  out.effects.clear();
  out.observed.clear();
  out.mode.clear();
  out.allowed_by.clear();
  out.allowed_layer.clear();
  out.text = std::exchange(out.action, {});
  return out;
}

std::vector<std::string> effect_lines(const commands::Analysis& analysis) {
  std::vector<std::string> out;
  for (const effects::Effect& e : analysis.effects) {
    if (out.size() == 32) break;
    out.push_back(explain::effect_line(e));
  }
  return out;
}

explain::Style style_of(const Frame& request) {
  explain::Style style;
  style.width = number(request.get("width"), 80);
  style.color = request.get("color") == "1";
  style.plain = request.get("plain") == "1";
  return style;
}

void write_verdict(Frame& out, const Decision& decision, const Frame& request,
                   const explain::Lesson* lesson) {
  const policy::Verdict& verdict = decision.verdict;
  out.add("action", policy::to_string(verdict.action));
  const explain::Style style = style_of(request);
  if (lesson != nullptr) out.add("text", explain::describe(verdict, decision.analysis, *lesson, style));
  if (lesson != nullptr && request.get("lesson") == "1")
    out.add("lesson", explain::to_json(*lesson, verdict, decision.analysis));
  if (const policy::Match* match = verdict.decisive()) {
    out.add("rule", match->rule)
        .add("severity", match->severity)
        .add("reason", match->title)
        .add_if("hint", match->hint);
    if (lesson == nullptr) out.add("text", explain::render(verdict, decision.analysis, style));
    out.add_if("effects", fmt::format("{}", fmt::join(effect_lines(decision.analysis), "\n")));
  } else if (lesson != nullptr || request.get("effects") == "1") {
    out.add_if("effects", fmt::format("{}", fmt::join(effect_lines(decision.analysis), "\n")));
  }
  if (!verdict.need.empty()) out.add("need", fmt::format("{}", fmt::join(verdict.need, ",")));
}

}  // namespace cmdai::ipc
