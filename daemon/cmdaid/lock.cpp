#include "daemon/cmdaid/lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace cmdai::daemon {

Result<Lock> Lock::take(const std::string& path) {
  Diagnostic problem;
  problem.file = path;
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    problem.message = fmt::format("the lock cannot be made: {}", std::strerror(errno));
    problem.hint = errno == ENOSPC ? "the disk is full: make room, or set `CMDAI_SOCKET` to another place"
                                   : "set `CMDAI_SOCKET` to a place that can be written";
    return fail(std::move(problem));
  }
  Lock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t n = pread(fd, holder, sizeof holder - 1, 0);
    const std::string pid(holder, n > 0 ? static_cast<size_t>(n) : 0);
    problem.message = fmt::format("another cmdaid runs already{}",
                                  pid.empty() ? "" : " (pid " + pid.substr(0, pid.find('\n')) + ")");
    problem.hint = "`cmdai status` asks it, `cmdai stop` ends it";
    return fail(std::move(problem));
  }
  const std::string pid = fmt::format("{}\n", getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data(), pid.size(), 0) < 0)
    return lock;  // the pid is for people; the lock holds
  return lock;
}

Lock::~Lock() {
  if (fd_ >= 0) close(fd_);
}

Lock::Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

}  // namespace cmdai::daemon
