#include "shell-hooks/agents/hook/asking.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <string>

#include "daemon/host/agents.hpp"
#include "daemon/host/files.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::agents {
namespace {

constexpr int kMostAncestors = 8;  ///< a shell, `timeout`, the agent, and what started it

std::string content(const std::string& path) { return host::read_file(path, 65536).value_or(std::string()); }

/// Field 4 of proc_pid_stat(5), behind the name, which may hold anything.
int parent_of(int pid) {
  const std::string text = content(fmt::format("/proc/{}/stat", pid));
  const size_t name_end = text.rfind(") ");
  if (name_end == std::string::npos || name_end + 4 >= text.size()) return 0;
  int parent = 0;
  std::from_chars(text.data() + name_end + 4, text.data() + text.size(), parent);
  return parent;
}

bool is_terminal(int pid, int fd) {
  char target[PATH_MAX];
  const ssize_t n = readlink(fmt::format("/proc/{}/fd/{}", pid, fd).c_str(), target, sizeof target);
  const std::string_view path(target, n > 0 ? static_cast<size_t>(n) : 0);
  return path.starts_with("/dev/pts/") || path.starts_with("/dev/tty");
}

bool is_program_of(const host::Agent& agent, std::string_view command_line) {
  const auto programs = words_in(agent.programs);
  // An interpreter's script is among the first words.
  int words = 0;
  for (const std::string& word : words_in(command_line, std::string_view("\0", 1))) {
    const std::string name = word.substr(word.rfind('/') + 1);
    if (std::find(programs.begin(), programs.end(), name) != programs.end()) return true;
    if (++words == 3) break;
  }
  return false;
}

}  // namespace

bool works_by_itself(std::string_view command_line) {
  for (const std::string& word : words_in(command_line, std::string_view("\0", 1)))
    for (const std::string_view told : {"-p", "--prompt", "-y", "--yolo", "--approval-mode"})
      if (word == told || word.starts_with(std::string(told) + "=")) return true;
  return false;
}

bool is_interactive(std::string_view agent) {
  const host::Agent* known = host::find_agent(agent);
  if (known == nullptr || agent != "gemini") return false;
  int pid = getppid();
  for (int i = 0; i < kMostAncestors && pid > 1; ++i, pid = parent_of(pid)) {
    const std::string command_line = content(fmt::format("/proc/{}/cmdline", pid));
    if (is_program_of(*known, command_line))
      return is_terminal(pid, STDIN_FILENO) && is_terminal(pid, STDOUT_FILENO) &&
             !works_by_itself(command_line);
  }
  return false;
}

}  // namespace cmdai::agents
