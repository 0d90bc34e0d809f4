#include "daemon/cmdaid/listening_socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "daemon/ipc/socket_path.hpp"

#ifdef __APPLE__
#include <launch.h>
#endif

namespace cmdai::daemon {
namespace {

Diagnostic problem(const std::string& where, std::string message, std::string hint = {}) {
  Diagnostic d;
  d.file = where;
  d.message = std::move(message);
  d.hint = std::move(hint);
  return d;
}

long number(const char* text) {
  if (text == nullptr) return -1;
  long value = -1;
  const auto [stop, error] = std::from_chars(text, text + std::strlen(text), value);
  return error == std::errc() && *stop == '\0' ? value : -1;
}

std::string path_of(int fd) {
  sockaddr_un address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sun_family != AF_UNIX)
    return {};
  return std::string(address.sun_path, strnlen(address.sun_path, sizeof address.sun_path));
}

Result<ListeningSocket> adopt(int fd, const char* from) {
  int listening = 0;
  socklen_t size = sizeof listening;
  const bool is_socket = getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0;
  if (!is_socket || listening == 0 || path_of(fd).empty())
    return fail(problem(from, "what was handed over is no listening Unix socket",
                        "the unit needs `ListenStream=%t/cmdai/cmdaid.sock`"));
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  return ListeningSocket{fd, true, path_of(fd)};
}

}  // namespace

Result<ListeningSocket> inherited_socket() {
#ifdef __APPLE__
  int* descriptors = nullptr;
  size_t count = 0;
  if (launch_activate_socket("Listeners", &descriptors, &count) == 0 && count > 0) {
    const int fd = descriptors[0];
    std::free(descriptors);
    return adopt(fd, "launchd");
  }
  return ListeningSocket{};
#else
  const bool for_us = number(std::getenv("LISTEN_PID")) == getpid();
  const long count = number(std::getenv("LISTEN_FDS"));
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  unsetenv("LISTEN_FDNAMES");
  if (!for_us || count <= 0) return ListeningSocket{};
  if (count > 1)
    return fail(problem("systemd", fmt::format("{} sockets were handed over, one was expected", count),
                        "leave one `ListenStream=` in cmdaid.socket"));
  return adopt(3, "systemd");
#endif
}

Result<ListeningSocket> bind_socket(const std::string& path) {
  if (auto ok = ipc::check_socket(path); !ok) return fail(std::move(ok.error()));
  if (unlink(path.c_str()) != 0 && errno != ENOENT)
    return fail(problem(path, fmt::format("the stale socket cannot be removed: {}", std::strerror(errno))));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return fail(problem(path, "the socket path is too long", "set `CMDAI_SOCKET` to a shorter path"));
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return fail(problem(path, std::strerror(errno)));
  const mode_t before = umask(0177);  // the socket is 0600 from its first moment
  const int bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = errno;
  umask(before);
  if (bound != 0 || listen(fd, 128) != 0) {
    Diagnostic d =
        problem(path, fmt::format("cannot listen: {}", std::strerror(bound != 0 ? error : errno)),
                error == ENOSPC ? "the disk is full: make room, or set `CMDAI_SOCKET` to another place" : "");
    close(fd);
    return fail(std::move(d));
  }
  return ListeningSocket{fd, false, path};
}

}  // namespace cmdai::daemon
