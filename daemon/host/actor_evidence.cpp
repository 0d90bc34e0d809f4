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

bool is_interpreter(std::string_view name) { return among(kInterpreters, name); }

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
  const bool interpreter = is_interpreter(file_name(program)) || is_interpreter(process.name);
  return interpreter ? agent_of_script(process.pid) : nullptr;
}

bool is_client(const Process& process) { return process.name.starts_with("cmdai"); }

void add_sign(Evidence& evidence, std::string_view sign) {
  if (!evidence.signs.empty()) evidence.signs += ' ';
  evidence.signs += sign;
}

/// Every mark of every agent: an environment is read once.
const std::vector<std::string>& all_marks() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out;
    for (const Agent& agent : known_agents())
      for (std::string& mark : words_in(agent.marks)) out.push_back(std::move(mark));
    return out;
  }();
  return all;
}

void look_at_environment(pid_t pid, Evidence& evidence) {
  const std::vector<std::string> found = process_marks(pid, all_marks());
  if (found.empty()) return;
  for (const Agent& agent : known_agents()) {
    const std::vector<std::string> marks = words_in(agent.marks);
    const auto mark = std::find_first_of(marks.begin(), marks.end(), found.begin(), found.end());
    if (mark == marks.end()) continue;
    add_sign(evidence, fmt::format("environment:{}", *mark));
    if (evidence.agent != nullptr) continue;
    evidence.agent = &agent;
    evidence.strength = evidence.terminal ? Evidence::Strength::possible : Evidence::Strength::likely;
  }
}

/// Never that of `pid`, which somebody is about to use.
template <typename Map>
void drop_oldest(Map& map, size_t most, pid_t pid) {
  if (map.size() <= most) return;
  const auto oldest = std::min_element(
      map.begin(), map.end(), [](const auto& a, const auto& b) { return a.second.looked < b.second.looked; });
  if (oldest->first != pid) map.erase(oldest);
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
  for (int i = 0; i < kMostAncestors; ++i) {
    // Also of who is spoken for: a client is started for each line, the shell that starts it stays.
    const auto known = kept_.find(pid);
    if (known != kept_.end() && now - known->second.looked < kTrusted) return known->second.evidence;
    const std::optional<Process> process = find_process(pid);
    if (!process) return nobody_;
    if (!is_client(*process)) return keep(*process, now);
    pid = process->parent;
  }
  return nobody_;
}

const Evidence& ActorEvidence::keep(const Process& process, int64_t now) {
  Kept& kept = kept_[process.pid];
  if (kept.birth != process.birth) kept = {process.birth, evidence_of(process, now), now};
  kept.looked = now;
  drop_oldest(kept_, kMost, process.pid);
  return kept.evidence;
}

Evidence ActorEvidence::exactly(pid_t pid, int64_t now) {
  const std::optional<Process> process = find_process(pid);
  return process ? evidence_of(*process, now) : nobody_;
}

Evidence ActorEvidence::evidence_of(const Process& process, int64_t now) {
  Evidence out;
  out.terminal = process.terminal;
  if (const Nearest nearest = look_above(process, now); nearest.agent != nullptr) {
    out.agent = nearest.agent;
    out.pid = nearest.pid;
    out.strength = Evidence::Strength::certain;
    add_sign(out, fmt::format("process:{}:{}", nearest.agent->name, nearest.pid));
  }
  look_at_environment(process.pid, out);
  if (out.agent != nullptr && !out.terminal) add_sign(out, "no-terminal");
  return out;
}

/// What was found above a process is kept under that process: those that ask come and go, those who started
/// them stay. Its name is compared, too: by `exec` it becomes another program. Interpreters are looked at
/// each time, as they change what they run without changing their name.
ActorEvidence::Nearest ActorEvidence::look_above(const Process& process, int64_t now, int depth) {
  const auto known = above_.find(process.pid);
  if (known != above_.end() && known->second.birth == process.birth && known->second.name == process.name &&
      now - known->second.looked < kTrusted && !is_interpreter(process.name))
    return known->second;
  Nearest out{process.birth, process.name, agent_of(process), process.pid, now};
  if (out.agent == nullptr && depth < kMostAncestors && process.parent > 1) {
    if (const std::optional<Process> parent = find_process(process.parent)) {
      const Nearest higher = look_above(*parent, now, depth + 1);
      out.agent = higher.agent;
      out.pid = higher.pid;
      out.looked = std::min(now, higher.looked);
    }
  }
  if (depth == 0) return out;
  above_[process.pid] = out;
  drop_oldest(above_, kMost, process.pid);
  return out;
}

}  // namespace cmdai::host
