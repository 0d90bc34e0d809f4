#include "daemon/cmdaid/plugin_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "daemon/cmdaid/plugin_link.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/processes.hpp"
#include "daemon/ipc/socket_path.hpp"

extern char** environ;

namespace cmdai::daemon {
namespace {

constexpr int kSocket = 3;  ///< as daemon/runner/main.cpp has it

/// Without what makes the loader take other libraries.
std::vector<char*> clean_environment() {
  std::vector<char*> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("LD_") && !text.starts_with("DYLD_") && !text.starts_with("GCONV_PATH="))
      out.push_back(*entry);
  }
  out.push_back(nullptr);
  return out;
}

void close_from(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) return;
#endif
  for (int fd = first; fd < 4096; ++fd) close(fd);
}

/// The child's part: async-signal-safe calls only.
[[noreturn]] void become(const char* program, char* const* words, char* const* environment, int socket) {
  setsid();  // what a terminal sends to the daemon is not for it
  if (socket == kSocket)
    fcntl(socket, F_SETFD, 0);
  else
    dup2(socket, kSocket);
  const int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) dup2(null, fd);
  close_from(kSocket + 1);
  if (chdir("/") != 0) _exit(126);
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGPIPE}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execve(program, words, environment);
  _exit(127);
}

Result<PluginProcess> refuse(std::string message, std::string hint = {}) {
  Diagnostic d;
  d.message = std::move(message);
  d.hint = std::move(hint);
  return fail(std::move(d));
}

}  // namespace

std::string plugin_runner_path() {
  const std::string here = ipc::directory_of(host::process_program(getpid()));
  for (const char* place : {"/../runner/cmdaid-plugin", "/../libexec/cmdai/cmdaid-plugin",
                            "/../lib/cmdai/cmdaid-plugin", "/cmdaid-plugin"}) {
    const std::string path = here + place;
    if (access(path.c_str(), X_OK) != 0) continue;
    char* real = realpath(path.c_str(), nullptr);
    std::string out = real == nullptr ? path : real;
    std::free(real);
    return out;
  }
  return {};
}

Result<PluginProcess> start_plugin_process(const std::string& name, const std::string& library) {
  std::string program = plugin_runner_path();
  if (program.empty())
    return refuse("`cmdaid-plugin` is missing: no plugin can run",
                  "install again: sudo meson install -C build");
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return refuse(fmt::format("no socket pair: {}", std::strerror(errno)));
  std::string first = "cmdaid-plugin";
  std::string given_name = name;
  std::string path = library;
  char* const words[] = {first.data(), given_name.data(), path.data(), nullptr};
  const std::vector<char*> environment = clean_environment();
  const pid_t child = fork();
  if (child == 0) become(program.c_str(), words, environment.data(), ends[1]);
  const int error = errno;
  close(ends[1]);
  if (child > 0) return PluginProcess{child, ends[0]};
  close(ends[0]);
  return refuse(fmt::format("`cmdaid-plugin` could not be started: {}", std::strerror(error)));
}

}  // namespace cmdai::daemon
