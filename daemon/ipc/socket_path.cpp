#include "daemon/ipc/socket_path.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace cmdai::ipc {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Diagnostic problem(const std::string& path, std::string message, std::string hint) {
  Diagnostic d;
  d.file = path;
  d.message = std::move(message);
  d.hint = std::move(hint);
  return d;
}

bool is_directory(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

std::string directory_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::string> socket_path() {
  std::string path = environment("CMDAI_SOCKET");
  if (!path.empty()) {
    if (path.front() != '/')
      return fail(
          problem(path, "`CMDAI_SOCKET` must be an absolute path", "unset it to use the usual place"));
  } else if (const std::string runtime = environment("XDG_RUNTIME_DIR");
             !runtime.empty() && runtime.front() == '/' && is_directory(runtime)) {
    path = runtime + "/cmdai/cmdaid.sock";
  } else {
    std::string temp = environment("TMPDIR");
    if (temp.empty() || temp.front() != '/' || !is_directory(temp)) temp = "/tmp";
    path = fmt::format("{}/cmdai-{}/cmdaid.sock", temp, getuid());
  }
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    return fail(problem(
        path, fmt::format("a socket path may have {} bytes at most", sizeof(sockaddr_un::sun_path) - 1),
        "set `CMDAI_SOCKET` to a shorter path"));
  return path;
}

Result<void> check_directory(const std::string& directory) {
  struct stat info {};
  if (lstat(directory.c_str(), &info) != 0)
    return fail(problem(directory,
                        fmt::format("the socket's directory cannot be used: {}", std::strerror(errno)),
                        "cmdaid makes it when it starts: `cmdai start`"));
  if (S_ISLNK(info.st_mode))
    return fail(problem(directory, "the socket's directory is a symbolic link: not trusted",
                        fmt::format("remove the link, or set `CMDAI_SOCKET` to another place")));
  if (!S_ISDIR(info.st_mode))
    return fail(problem(directory, "the socket's directory is no directory",
                        "remove the file, or set `CMDAI_SOCKET` to another place"));
  if (info.st_uid != getuid())
    return fail(problem(
        directory,
        fmt::format("the socket's directory belongs to another user (uid {}): not trusted", info.st_uid),
        "set `CMDAI_SOCKET` to a path in a directory of yours, and tell the administrator"));
  if ((info.st_mode & 0077U) != 0)
    return fail(problem(directory,
                        fmt::format("others may enter the socket's directory (mode {:04o}): not trusted",
                                    info.st_mode & 07777U),
                        fmt::format("chmod 700 {}", directory)));
  return {};
}

Result<void> make_directory(const std::string& directory) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    const int error = errno;
    return fail(problem(directory,
                        fmt::format("the socket's directory cannot be made: {}", std::strerror(error)),
                        error == ENOENT ? "its parent does not exist: set `XDG_RUNTIME_DIR`, or "
                                          "`CMDAI_SOCKET` to a path in a directory of yours"
                                        : "set `CMDAI_SOCKET` to a path in a directory of yours"));
  }
  return check_directory(directory);
}

Result<void> check_socket(const std::string& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) return {};
  if (!S_ISSOCK(info.st_mode))
    return fail(problem(path, "this is no socket", "remove it, or set `CMDAI_SOCKET` to another place"));
  if (info.st_uid != getuid())
    return fail(problem(path,
                        fmt::format("the socket belongs to another user (uid {}): not trusted", info.st_uid),
                        "set `CMDAI_SOCKET` to another place"));
  if ((info.st_mode & 0077U) != 0)
    return fail(problem(
        path, fmt::format("others may use the socket (mode {:04o}): not trusted", info.st_mode & 07777U),
        fmt::format("chmod 600 {}", path)));
  return {};
}

#ifdef __linux__
namespace {

std::optional<ucred> peer_credentials(int fd) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  return credentials;
}

}  // namespace
#endif

bool peer_is_us(int fd) {
#ifdef __linux__
  const std::optional<ucred> peer = peer_credentials(fd);
  return peer && peer->uid == getuid();
#else
  uid_t uid = 0;
  gid_t gid = 0;
  return getpeereid(fd, &uid, &gid) == 0 && uid == getuid();
#endif
}

std::optional<pid_t> our_peer(int fd) {
#ifdef __linux__
  const std::optional<ucred> peer = peer_credentials(fd);
  if (!peer || peer->uid != getuid()) return std::nullopt;
  return peer->pid;
#else
  if (!peer_is_us(fd)) return std::nullopt;
#ifdef LOCAL_PEERPID
  pid_t pid = 0;
  socklen_t size = sizeof pid;
  return getsockopt(fd, SOL_LOCAL, LOCAL_PEERPID, &pid, &size) == 0 ? pid : 0;
#else
  return 0;
#endif
#endif
}

}  // namespace cmdai::ipc
