#include "daemon/runner/requests.hpp"

#include <charconv>
#include <string>

#include "daemon/runner/words.hpp"

namespace cmdai::runner {
namespace {

cmdai_bytes text(const ipc::Frame& frame, std::string_view key) {
  const std::string* value = frame.find(key);
  return value == nullptr ? cmdai_bytes{"", 0} : cmdai_bytes{value->data(), value->size()};
}

int64_t number(const ipc::Frame& frame, std::string_view key) {
  int64_t out = 0;
  if (const std::string* value = frame.find(key))
    std::from_chars(value->data(), value->data() + value->size(), out);
  return out;
}

uint32_t flag(const ipc::Frame& frame, std::string_view key) { return frame.get(key) == "1" ? 1 : 0; }

}  // namespace

cmdai_request request_of(const ipc::Frame& frame) {
  cmdai_request out{};
  out.size = sizeof out;
  out.id = text(frame, "request.id");
  out.command = text(frame, "request.command");
  out.typed = text(frame, "request.typed");
  out.writes = text(frame, "request.writes");
  out.shell = text(frame, "request.shell");
  out.cwd = text(frame, "request.cwd");
  out.session = text(frame, "request.session");
  out.actor = text(frame, "request.actor");
  out.actor_name = text(frame, "request.actor-name");
  out.confidence = text(frame, "request.confidence");
  out.evidence = text(frame, "request.evidence");
  out.source = text(frame, "request.source");
  out.effects = text(frame, "request.effects");
  out.parent = text(frame, "request.parent");
  out.agent_version = text(frame, "request.agent-version");
  out.agent_sub = text(frame, "request.agent-sub");
  out.tool = text(frame, "request.tool");
  out.time_ms = number(frame, "request.time-ms");
  out.pid = number(frame, "request.pid");
  out.parent_pid = number(frame, "request.parent-pid");
  out.tty = flag(frame, "request.tty");
  out.recorded = flag(frame, "request.recorded");
  return out;
}

cmdai_verdict verdict_of(const ipc::Frame& frame) {
  cmdai_verdict out{};
  out.size = sizeof out;
  out.action = action_code(frame.get("verdict.action"));
  out.rule = text(frame, "verdict.rule");
  out.severity = text(frame, "verdict.severity");
  out.reason = text(frame, "verdict.reason");
  out.hint = text(frame, "verdict.hint");
  out.rules = text(frame, "verdict.rules");
  out.allowed_by = text(frame, "verdict.allowed-by");
  out.policy = text(frame, "verdict.policy");
  return out;
}

cmdai_approval approval_of(const ipc::Frame& frame) {
  cmdai_approval out{};
  out.size = sizeof out;
  out.kind = approval_code(frame.get("approval.kind"));
  out.rule = text(frame, "approval.rule");
  out.reason = text(frame, "approval.reason");
  out.pid = number(frame, "approval.pid");
  return out;
}

}  // namespace cmdai::runner
