// cmdai-agent hook AGENT: `cmdai hook AGENT` without the engine. It is static and small, because agents start
// it before each tool call and `cmdai` takes longer to load than a verdict takes (docs/performance.md). Where
// no daemon runs it becomes `cmdai hook AGENT`, which starts one; where one runs and does not answer, `cmdai
// hook --local AGENT`.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <string>

#include "daemon/host/agents.hpp"
#include "shell-hooks/agents/hook/hook.hpp"

namespace {

using namespace cmdai;

std::string find_cmdai() {
  char buffer[PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", buffer, sizeof buffer);
  std::string here(buffer, n > 0 ? static_cast<size_t>(n) : 0);
  here.resize(here.rfind('/') == std::string::npos ? 0 : here.rfind('/'));
  for (const char* place : {"/cmdai", "/../../bin/cmdai", "/../../../daemon/cli/cmdai"})
    if (std::string path = here + place; !here.empty() && access(path.c_str(), X_OK) == 0) return path;
  return {};
}

/// A file in memory, at its beginning.
int as_input(const std::string& payload) {
  const int fd = memfd_create("payload", MFD_CLOEXEC);
  for (size_t done = 0; fd >= 0 && done < payload.size();) {
    const ssize_t n = write(fd, payload.data() + done, payload.size() - done);
    if (n <= 0) return -1;
    done += static_cast<size_t>(n);
  }
  return fd >= 0 && lseek(fd, 0, SEEK_SET) == 0 ? fd : -1;
}

int milliseconds_left() {
  itimerval timer{};
  getitimer(ITIMER_REAL, &timer);
  return static_cast<int>(timer.it_value.tv_sec * 1000 + timer.it_value.tv_usec / 1000);
}

/// Signals stay blocked until the other program has its own handlers: none finds the process without an
/// answer.
Result<ipc::Frame> become_cmdai(const std::string& agent, bool local, const std::string& payload) {
  const std::string program = find_cmdai();
  const int input = as_input(payload);
  Diagnostic d;
  d.message = "no daemon answers, and `cmdai` was not found beside this program";
  d.hint = "`cmdai doctor` looks what is wrong";
  if (program.empty() || input < 0) return fail(std::move(d));
  const std::string left = fmt::format("--deadline={}", std::max(1, milliseconds_left()));
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  const itimerval off{};
  setitimer(ITIMER_REAL, &off, nullptr);
  dup2(input, STDIN_FILENO);
  const char* const words[] = {"cmdai", "hook", left.c_str(), agent.c_str(), local ? "--local" : nullptr,
                               nullptr};
  execv(program.c_str(), const_cast<char* const*>(words));
  sigprocmask(SIG_SETMASK, &before, nullptr);
  d.message = fmt::format("no daemon answers, and `{}` could not be started", program);
  return fail(std::move(d));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string agent = argc == 3 && std::string_view(argv[1]) == "hook" ? argv[2] : "";
  if (host::find_agent(agent) == nullptr) {
    constexpr std::string_view kUsage = "cmdai-agent: which agent asks? `cmdai help hook` names them\n";
    (void)!write(STDERR_FILENO, kUsage.data(), kUsage.size());
    return 2;
  }
  agents::HookOptions options;
  options.agent = agent;
  options.start_daemon = false;
  agents::run_hook(options,
                   [&](const ipc::Frame&, const agents::Unanswered& because, const std::string& payload) {
                     return become_cmdai(agent, !because.nobody, payload);
                   });
}
