#include "daemon/host/actor_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "daemon/host/processes.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::host {
namespace {

constexpr int kMostAncestors = 64;
constexpr std::string_view kInterpreters[] = {"node", "nodejs", "bun", "deno", "MainThread"};

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_called(const Agent& agent, std::string_view name) {
  const std::vector<std::string> programs = words_in(agent.programs);
  return std::find(programs.begin(), programs.end(), name) != programs.end();
}

const Agent* agent_called(std::string_view name) {
  for (const Agent& agent : known_agents())
    if (is_called(agent, name)) return &agent;
  return nullptr;
}

/// The agent whose script an interpreter runs: a file of its package, or a link of its name.
const Agent* agent_of_script(pid_t pid) {
  const std::vector<std::string> words = process_words(pid);
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i].starts_with('-')) continue;
    for (const Agent& agent : known_agents())
      if (!agent.package.empty() &&
          words[i].find(fmt::format("/node_modules/{}/", agent.package)) != std::string::npos)
        return &agent;
    return agent_called(file_name(words[i]));
  }
  return nullptr;
}

const Agent* agent_of(const Process& process) {
  if (const Agent* agent = agent_called(process.name)) return agent;
  const std::string program = process_program(process.pid);
  if (const Agent* agent = agent_called(file_name(program))) return agent;
  const bool interpreter = among(kInterpreters, file_name(program)) || among(kInterpreters, process.name);
  return interpreter ? agent_of_script(process.pid) : nullptr;
}

bool is_client(const Process& process) { return process.name.starts_with("cmdai"); }

void add_sign(Evidence& evidence, std::string_view sign) {
  if (!evidence.signs.empty()) evidence.signs += ' ';
  evidence.signs += sign;
}

/// The nearest agent among the process and those above it.
void look_above(Process process, Evidence& evidence) {
  for (int i = 0; i < kMostAncestors && process.pid > 1; ++i) {
    if (const Agent* agent = agent_of(process)) {
      evidence.agent = agent;
      evidence.pid = process.pid;
      evidence.strength = Evidence::Strength::certain;
      return add_sign(evidence, fmt::format("process:{}:{}", agent->name, process.pid));
    }
    const std::optional<Process> parent = find_process(process.parent);
    if (!parent) return;
    process = *parent;
  }
}

void look_at_environment(pid_t pid, Evidence& evidence) {
  for (const Agent& agent : known_agents()) {
    const std::vector<std::string> marks = process_marks(pid, words_in(agent.marks));
    if (marks.empty()) continue;
    add_sign(evidence, fmt::format("environment:{}", marks.front()));
    if (evidence.agent != nullptr) continue;
    evidence.agent = &agent;
    evidence.strength = evidence.terminal ? Evidence::Strength::possible : Evidence::Strength::likely;
  }
}

Evidence evidence_of(const Process& process) {
  Evidence out;
  out.terminal = process.terminal;
  look_above(process, out);
  look_at_environment(process.pid, out);
  if (out.agent != nullptr && !out.terminal) add_sign(out, "no-terminal");
  return out;
}

std::optional<Process> who_is_spoken_for(pid_t pid) {
  for (int i = 0; i < kMostAncestors; ++i) {
    std::optional<Process> process = find_process(pid);
    if (!process || !is_client(*process)) return process;
    pid = process->parent;
  }
  return std::nullopt;
}

}  // namespace

std::string Evidence::confidence(bool agent_said) const {
  switch (strength) {
    case Strength::certain: return "certain";
    case Strength::likely: return "likely";
    case Strength::possible: return agent_said ? "said" : "possible";
    case Strength::none: break;
  }
  return agent_said ? "said" : "";
}

const Evidence& ActorEvidence::of(pid_t pid, int64_t now) {
  if (pid <= 1) return nobody_;
  const auto known = kept_.find(pid);
  if (known != kept_.end() && now - known->second.looked < kTrusted) return known->second.evidence;
  const std::optional<Process> process = who_is_spoken_for(pid);
  if (!process) return nobody_;
  Kept& kept = kept_[process->pid];
  if (kept.birth != process->birth) kept = {process->birth, evidence_of(*process), now};
  kept.looked = now;
  if (kept_.size() <= kMost) return kept.evidence;
  const auto oldest = std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) {
    return a.second.looked < b.second.looked;
  });
  if (oldest->first != process->pid) kept_.erase(oldest);
  return kept.evidence;
}

}  // namespace cmdai::host
