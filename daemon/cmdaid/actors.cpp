#include "daemon/cmdaid/actors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/host/processes.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::daemon {
namespace {

using host::Evidence;

constexpr size_t kMostTold = 512;
constexpr std::string_view kAgent = "agent:";

std::string describe(const Evidence& evidence) {
  return evidence.pid != 0
             ? fmt::format("{} (process {}) started it", evidence.agent->title, evidence.pid)
             : fmt::format("{}'s environment is set, and it has no terminal", evidence.agent->title);
}

/// A person's shell says `tty=1`: somebody can be asked. Hooks of scripts say that a person asks because they
/// know no better; that is no contradiction.
bool claims_person(const ipc::Frame& request) {
  return request.get("actor", "human") == "human" && request.get("tty") == "1";
}

/// One of the agents we know, another than the one that started it. What `cmdai run` guards is started by
/// itself.
bool claims_other(const ipc::Frame& request, const Evidence& evidence) {
  const std::string said = request.get("actor", "human");
  if (!said.starts_with(kAgent) || request.get("source") == "exec") return false;
  const std::string name = said.substr(kAgent.size());
  return host::find_agent(name) != nullptr && name != evidence.agent->name;
}

}  // namespace

Asker Actors::of(const ipc::Frame& request, pid_t peer, int64_t now) {
  Asker out;
  out.actor = request.get("actor", "human");
  const Evidence& seen = evidence_.of(peer, now);
  const bool agent_said = out.actor != "human";
  out.confidence = seen.confidence(agent_said);
  out.evidence = seen.signs;
  out.agent = seen.pid;
  out.person_there = !seen.says_agent();
  if (!seen.says_agent()) return out;
  const bool other = claims_other(request, seen);
  if (!agent_said || other) out.actor = fmt::format("{}{}", kAgent, seen.agent->name);
  if ((claims_person(request) || other) && !told(peer, out.actor))
    out.contradiction = fmt::format("it says `{}`, but {}", explain::printable(request.get("actor", "human")),
                                    describe(seen));
  return out;
}

std::optional<std::string> Actors::agent_behind(pid_t peer, int64_t now) {
  const Evidence& seen = evidence_.of(peer, now);
  if (!seen.says_agent()) return std::nullopt;
  return describe(seen);
}

bool Actors::has_terminal(pid_t peer) {
  if (peer == 0) return true;
  const std::optional<host::Process> process = host::find_process(peer);
  return !process || process->terminal;
}

bool Actors::told(pid_t peer, const std::string& what) {
  std::string key = fmt::format("{} {}", peer, what);
  if (std::find(told_.begin(), told_.end(), key) != told_.end()) return true;
  told_.push_back(std::move(key));
  if (told_.size() > kMostTold) told_.pop_front();
  return false;
}

}  // namespace cmdai::daemon
