#include "shell-hooks/exec-guard/tree_stderr.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <climits>

#include "daemon/host/files.hpp"

namespace cmdai::exec_guard {
namespace {

bool same_file(int a, int b) {
  struct stat one {
  }, other{};
  return fstat(a, &one) == 0 && fstat(b, &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

/// A data file that was given number 2 because nothing else had it is not to be written into.
bool is_for_messages(int fd, mode_t mode) {
  if (S_ISFIFO(mode) || S_ISSOCK(mode)) return true;
  const int flags = fcntl(fd, F_GETFL);
  if (S_ISREG(mode)) return flags >= 0 && (flags & O_ACCMODE) == O_WRONLY;
  return S_ISCHR(mode) && isatty(fd) == 1 && terminal_is_plain(fd);
}

}  // namespace

bool terminal_is_plain(int fd) {
  termios state{};
  return tcgetattr(fd, &state) == 0 && (state.c_lflag & ICANON) != 0 && (state.c_lflag & ECHO) != 0 &&
         (state.c_oflag & OPOST) != 0;
}

bool write_to_stderr_of(pid_t pid, std::string_view text, int but_not) {
  const host::Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (process.get() < 0) return false;
  const host::Descriptor fd(static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), STDERR_FILENO, 0)));
  struct stat info {};
  if (fd.get() < 0 || fstat(fd.get(), &info) != 0 || !is_for_messages(fd.get(), info.st_mode)) return false;
  if (but_not >= 0 && same_file(fd.get(), but_not)) return false;
  if (text.size() > PIPE_BUF) text = text.substr(0, PIPE_BUF);
  // The description is shared with the tree: its flags are not ours to change. A pipe that is writable takes
  // PIPE_BUF bytes.
  pollfd ready{fd.get(), POLLOUT, 0};
  if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return false;
  if (S_ISSOCK(info.st_mode))
    return send(fd.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
  return write(fd.get(), text.data(), text.size()) > 0;
}

}  // namespace cmdai::exec_guard
