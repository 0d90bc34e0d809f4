#include "daemon/ipc/start_daemon.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "daemon/ipc/socket_path.hpp"

namespace cmdai::ipc {
namespace {

bool is_program(const std::string& path) { return !path.empty() && access(path.c_str(), X_OK) == 0; }

std::string own_directory() {
  char buffer[4096];
  const ssize_t n = readlink("/proc/self/exe", buffer, sizeof buffer);
  return n <= 0 ? std::string() : directory_of(std::string(buffer, static_cast<size_t>(n)));
}

std::string in_path(std::string_view name) {
  const char* variable = std::getenv("PATH");
  std::string_view path = variable == nullptr ? "" : variable;
  while (!path.empty()) {
    const size_t colon = std::min(path.find(':'), path.size());
    std::string candidate = fmt::format("{}/{}", path.substr(0, colon), name);
    if (path.front() == '/' && is_program(candidate)) return candidate;
    path.remove_prefix(std::min(colon + 1, path.size()));
  }
  return {};
}

/// Detached twice over: no controlling terminal, no child of ours, no open files of ours.
bool launch(const std::string& program, const std::string& socket) {
  // It is nobody's child soon, and wants to know who is behind it.
  setenv(kStartedBy, std::to_string(getpid()).c_str(), 1);
  const pid_t child = fork();
  if (child != 0) unsetenv(kStartedBy);
  if (child < 0) return false;
  if (child > 0) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  // Only async-signal-safe calls from here on.
  if (setsid() < 0) _exit(1);
  const pid_t daemon = fork();
  if (daemon != 0) _exit(daemon < 0 ? 1 : 0);
  if (chdir("/") != 0) _exit(1);
  const int null = open("/dev/null", O_RDWR);
  if (null < 0) _exit(1);
  for (int fd = 0; fd < 3; ++fd) dup2(null, fd);
  for (int fd = 3; fd < 1024; ++fd) close(fd);
  // It ends by signals that whoever starts it may have blocked or ignored.
  for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execl(program.c_str(), "cmdaid", "--socket", socket.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

}  // namespace

std::string find_daemon() {
  if (const char* named = std::getenv("CMDAI_DAEMON"); named != nullptr && is_program(named)) return named;
  const std::string here = own_directory();
  for (const char* place :
       {"/cmdaid", "/../cmdaid/cmdaid", "/../libexec/cmdai/cmdaid", "/../lib/cmdai/cmdaid"})
    if (!here.empty() && is_program(here + place)) {
      std::string path = here + place;
      char* real = realpath(path.c_str(), nullptr);
      if (real != nullptr) path = real;
      std::free(real);
      return path;
    }
  return in_path("cmdaid");
}

tl::expected<Client, ClientError> connect_or_start(const std::string& path, int timeout_ms, int answer_ms) {
  auto client = Client::connect(path, answer_ms);
  if (client || client.error().kind != ClientError::Kind::nobody) return client;
  const std::string program = find_daemon();
  if (program.empty()) {
    client.error().diagnostic.message = "the daemon does not run, and `cmdaid` was not found";
    client.error().diagnostic.hint = "install it, or set `CMDAI_DAEMON` to its path";
    return client;
  }
  if (!launch(program, path)) {
    client.error().diagnostic.message =
        fmt::format("`{}` could not be started: {}", program, std::strerror(errno));
    return client;
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  for (int pause = 1; std::chrono::steady_clock::now() < deadline; pause = std::min(pause * 2, 50)) {
    poll(nullptr, 0, pause);
    client = Client::connect(path, answer_ms);
    if (client || client.error().kind != ClientError::Kind::nobody) return client;
  }
  client.error().diagnostic.message = fmt::format("`{}` was started but does not answer", program);
  client.error().diagnostic.hint =
      "its log says why: ~/.local/state/cmdai/cmdaid.log; or run it by hand: cmdaid --foreground";
  return client;
}

}  // namespace cmdai::ipc
