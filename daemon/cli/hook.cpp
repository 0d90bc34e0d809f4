// cmdai hook: what AI agents call before they run a command or write a file.
#include "shell-hooks/agents/hook/hook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/local_judge.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/host/agents.hpp"

namespace cmdai::cli {
namespace {

std::string names_of_agents() {
  std::string out;
  for (const host::Agent& agent : host::known_agents())
    out += fmt::format("{}{}", out.empty() ? "" : ", ", agent.name);
  return out;
}

int milliseconds(const std::string& text) {
  int value = agents::kDeadline;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::clamp(value, 1, agents::kDeadline);
}

}  // namespace

int run_hook(const Arguments& a) {
  const std::string agent = a.operands.empty() ? std::string() : a.operands[0];
  if (a.operands.size() != 1 || host::find_agent(agent) == nullptr)
    return complain(
        agent.empty() ? "which agent asks?" : fmt::format("unknown agent `{}`", explain::printable(agent)),
        "known are " + names_of_agents(), kUsage);
  agents::HookOptions options;
  options.agent = agent;
  options.ask_daemon = !a.has("local");
  options.deadline_ms = milliseconds(a.get("deadline"));
  agents::run_hook(options, [](const ipc::Frame& check, const agents::Unanswered& because,
                               const std::string&) { return judge_in_place(check, because.why); });
}

}  // namespace cmdai::cli
