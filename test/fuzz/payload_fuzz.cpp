// Payloads of agents from hostile bytes: what is read is something that can be asked about, what is not is
// refused, and every answer is one line of JSON, or nothing.
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "shell-hooks/agents/hook/answer.hpp"
#include "shell-hooks/agents/hook/payload.hpp"

using namespace cmdai;
using namespace cmdai::agents;

namespace {

constexpr const char* kAgents[] = {"claude-code", "codex",  "gemini",  "copilot",
                                   "opencode",    "cursor", "windsurf"};

void require(bool condition) {
  if (!condition) std::abort();
}

void check_answer(const HookAnswer& given, bool must_speak) {
  require(given.status == 0 || given.status == kRefusedByStatus);
  require(!must_speak || !given.out.empty() || (given.status == kRefusedByStatus && !given.err.empty()));
  if (given.out.empty()) return;
  require(nlohmann::json::accept(given.out));
  require(std::count(given.out.begin(), given.out.end(), '\n') == 1 && given.out.back() == '\n');
}

void check_call(const AgentCall& call) {
  require(call.command.find('\0') == std::string::npos);
  require((call.kind == AgentCall::Kind::file_write) == !call.files.empty());
  require((call.kind == AgentCall::Kind::command) == !call.shell.empty());
  for (const AgentCall::File& file : call.files)
    require(!file.path.empty() && file.path.find('\0') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view agent = kAgents[data[0] % std::size(kAgents)];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Surroundings around{[&](const char*) { return std::string(text.substr(0, 32)); },
                            [] { return std::string(); }};
  const Result<AgentCall> call = read_payload(agent, text, around);
  if (!call) {
    require(!call.error().message.empty());
    check_answer(refuse(agent, {}, call.error().render()), true);
    return 0;
  }
  check_call(*call);
  for (const auto action : {Judgement::Action::allow, Judgement::Action::warn, Judgement::Action::ask,
                            Judgement::Action::block}) {
    const bool stops = action == Judgement::Action::ask || action == Judgement::Action::block;
    check_answer(answer(agent, *call, {action, std::string(text), "code"}, size % 2 == 0), stops);
  }
  return 0;
}
