#include "shell-hooks/agents/hook/hook.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <exception>

#include "daemon/ipc/client.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"
#include "shell-hooks/agents/hook/account.hpp"
#include "shell-hooks/agents/hook/answer.hpp"
#include "shell-hooks/agents/hook/asking.hpp"
#include "shell-hooks/agents/hook/last_word.hpp"
#include "shell-hooks/agents/hook/payload.hpp"

namespace cmdai::agents {
namespace {

LastWords last_words(const HookOptions& options, const AgentCall& call) {
  return {refuse(options.agent, call,
                 fmt::format("there was no verdict within {} ms; `cmdai doctor` looks what is wrong",
                             options.deadline_ms)),
          refuse(options.agent, call, "the check was ended before there was a verdict")};
}

/// Until the payload is read nobody knows in which of its two spellings Copilot asks: it blocks on a status.
LastWords first_words(const HookOptions& options) {
  LastWords out = last_words(options, {});
  if (options.agent != "copilot") return out;
  out.too_late = {{}, "cmdai: no verdict in time; it was not run\n", kRefusedByStatus};
  out.stopped = {{}, "cmdai: ended before there was a verdict; it was not run\n", kRefusedByStatus};
  return out;
}

/// Standard input to its end, but no more than is read of a payload.
std::string read_input() {
  std::string text;
  char buffer[65536];
  while (text.size() <= kMostPayload) {
    const ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    text.append(buffer, static_cast<size_t>(n));
  }
  return text;
}

Surroundings surroundings() {
  return {[](const char* name) {
            const char* value = std::getenv(name);
            return value == nullptr ? std::string() : std::string(value);
          },
          login_shell};
}

ipc::Frame check_frame(const HookOptions& options, const AgentCall& call) {
  ipc::Frame frame("check");
  if (call.kind == AgentCall::Kind::command) {
    frame.add("cmd", call.command).add("shell", call.shell);
  } else {
    for (const AgentCall::File& file : call.files) frame.add(file.whole ? "write" : "edit", file.path);
  }
  frame.add("actor", "agent:" + options.agent).add("source", "hook").add_if("cwd", call.cwd);
  if (call.session.size() <= ipc::kLongestSession) frame.add_if("session", call.session);
  frame.add_if("agent.version", call.version).add_if("agent.sub", call.sub_agent);
  frame.add_if("agent.tool", call.tool);
  if (has_dialog(options.agent, call, is_interactive(options.agent))) frame.add("dialog", "1");
  frame.add("probe", "1").add("width", "100").add("plain", "1");
  return frame;
}

using Verdict = tl::expected<ipc::Frame, Unanswered>;

Verdict unanswered(std::string why) { return tl::unexpected<Unanswered>({false, std::move(why)}); }

Verdict unanswered(const ipc::ClientError& error) {
  return tl::unexpected<Unanswered>({error.kind == ipc::ClientError::Kind::nobody, error.diagnostic.message});
}

Verdict ask_daemon(const HookOptions& options, const ipc::Frame& frame) {
  if (!fits(frame)) return unanswered("the command is longer than a frame may be");
  const Result<std::string> path = ipc::socket_path();
  if (!path) return unanswered(path.error().message);
  for (int attempt = 0;; ++attempt) {
    auto client = options.start_daemon ? ipc::connect_or_start(*path, kDaemonStart, kDaemonAnswer)
                                       : ipc::Client::connect(*path, kDaemonAnswer);
    if (!client) return unanswered(client.error());
    auto reply = client->request(frame);
    if (reply && reply->type == "verdict") return std::move(*reply);
    if (reply) return unanswered(reply->get("text", "it did not understand"));
    // It ended just now: the next one answers.
    if (reply.error().kind != ipc::ClientError::Kind::gone || attempt == 1) return unanswered(reply.error());
  }
}

/// An action nobody knows is no permission.
Judgement judgement_of(const ipc::Frame& verdict) {
  Judgement out;
  const std::string action = verdict.get("action");
  out.action = action == "allow"  ? Judgement::Action::allow
               : action == "warn" ? Judgement::Action::warn
               : action == "ask"  ? Judgement::Action::ask
                                  : Judgement::Action::block;
  out.text = verdict.get("text");
  out.code = verdict.get("code");
  return out;
}

HookAnswer answer_of(const HookOptions& options, const AgentCall& call, const ipc::Frame& verdict) {
  const Judgement judgement = judgement_of(verdict);
  const bool asks = judgement.action == Judgement::Action::ask;
  return answer(options.agent, call, judgement, asks && is_interactive(options.agent));
}

HookAnswer decide(const HookOptions& options, const JudgeHere& judge_here) {
  const std::string payload = read_input();
  const Result<AgentCall> call = read_payload(options.agent, payload, surroundings());
  if (!call) return refuse(options.agent, {}, "its payload cannot be read: " + call.error().render());
  reword(last_words(options, *call));
  if (call->kind == AgentCall::Kind::other)
    return answer(options.agent, *call, {Judgement::Action::allow, {}, {}}, false);
  const ipc::Frame frame = check_frame(options, *call);
  const Verdict said = options.ask_daemon ? ask_daemon(options, frame) : unanswered("it was not to be asked");
  if (said) return answer_of(options, *call, *said);
  const Result<ipc::Frame> verdict = judge_here(frame, said.error(), payload);
  if (!verdict) return refuse(options.agent, *call, verdict.error().render());
  return answer_of(options, *call, *verdict);
}

}  // namespace

void run_hook(const HookOptions& options, const JudgeHere& judge_here) {
  guard(first_words(options), options.deadline_ms);
  try {
    give(decide(options, judge_here));
  } catch (const std::exception& error) {
    give(refuse(options.agent, {}, fmt::format("unexpected error: {}", error.what())));
  }
}

}  // namespace cmdai::agents
