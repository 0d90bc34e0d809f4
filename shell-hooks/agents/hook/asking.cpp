#include "shell-hooks/agents/hook/asking.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "daemon/host/actor_evidence.hpp"
#include "daemon/host/agents.hpp"
#include "daemon/host/processes.hpp"

namespace cmdai::agents {
namespace {

bool is_terminal(pid_t pid, int fd) {
  char target[PATH_MAX];
  const ssize_t n = readlink(fmt::format("/proc/{}/fd/{}", pid, fd).c_str(), target, sizeof target);
  const std::string_view path(target, n > 0 ? static_cast<size_t>(n) : 0);
  return path.starts_with("/dev/pts/") || path.starts_with("/dev/tty");
}

}  // namespace

bool works_by_itself(const std::vector<std::string>& words) {
  constexpr std::string_view kTold[] = {"-p", "--prompt", "-y", "--yolo", "--approval-mode"};
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(std::begin(kTold), std::end(kTold), word.substr(0, word.find('='))) != std::end(kTold);
  });
}

bool is_interactive(std::string_view agent) {
  if (agent != "gemini") return false;
  host::ActorEvidence above;
  const host::Evidence& found = above.of(getpid(), 0);
  return found.agent != nullptr && found.agent->name == agent && found.pid > 1 &&
         is_terminal(found.pid, STDIN_FILENO) && is_terminal(found.pid, STDOUT_FILENO) &&
         !works_by_itself(host::process_words(found.pid));
}

}  // namespace cmdai::agents
