#include "shell-hooks/exec-guard/front.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <string>

#include "daemon/host/files.hpp"
#include "shell-hooks/exec-guard/guarded_tree.hpp"

namespace cmdai::exec_guard {
namespace {

constexpr int kForwarded[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT, SIGWINCH};
constexpr int kStops[] = {SIGTSTP, SIGTTIN, SIGTTOU};

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : kForwarded) sigaddset(&set, signal);
  sigaddset(&set, SIGCHLD);
  return set;
}

int status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

class Front {
 public:
  Front(int fd, pid_t guard) : fd_(fd), guard_(guard) {}

  int run() {
    const sigset_t watched = watched_signals();
    const host::Descriptor signals(signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK));
    while (!status_) {
      pollfd ready[] = {{guard_lives_ ? fd_ : -1, POLLIN, 0}, {signals.get(), POLLIN, 0}};
      if (poll(ready, 2, -1) < 0 && errno != EINTR) return kCannotStart;
      if (ready[0].revents != 0) hear();
      if (ready[1].revents != 0) take_signals(signals.get());
    }
    return *status_;
  }

 private:
  void hear() {
    FrontMessage message;
    const ssize_t size = recv(fd_, &message, sizeof message, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size != sizeof message) return lose_guard();
    if (message.kind == FrontMessage::started) program_ = message.value;
    if (message.kind == FrontMessage::ended) status_ = message.value;
    if (message.kind == FrontMessage::stopped) {
      kill(getpid(), SIGSTOP);  // whoever waits for us sees that, and continues us
      pass_on(SIGCONT);
    }
  }

  /// We are the next of kin (PR_SET_CHILD_SUBREAPER) and hear of the program's end all the same.
  void lose_guard() {
    guard_lives_ = false;
    const std::string text = fmt::format(
        "cmdai: the guard (process {}) has ended: no program of this tree can start another one "
        "any more\n",
        guard_);
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) return reap();
    reap();
  }

  void reap() {
    int wait_status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &wait_status, WNOHANG)) > 0;)
      if (pid == program_) status_ = status_of(wait_status);
    // Nobody is left, and nobody told: it ended together with the guard.
    if (pid_t{-1} == waitpid(-1, nullptr, WNOHANG) && errno == ECHILD && !guard_lives_ && !status_)
      status_ = kCannotStart;
  }

  void take_signals(int fd) {
    signalfd_siginfo info{};
    while (read(fd, &info, sizeof info) == sizeof info) {
      if (info.ssi_signo == SIGCHLD) {
        if (!guard_lives_) reap();
      } else if (info.ssi_code != SI_KERNEL) {  // the terminal's go to the whole group, the program has it
        pass_on(static_cast<int>(info.ssi_signo));
      }
    }
  }

  void pass_on(int signal) const {
    if (program_ > 0) kill(program_, signal);
  }

  int fd_;
  pid_t guard_;
  pid_t program_ = 0;
  bool guard_lives_ = true;
  std::optional<int> status_;
};

}  // namespace

void tell_front(int fd, FrontMessage::Kind kind, int value) {
  const FrontMessage message{kind, value};
  send(fd, &message, sizeof message, MSG_NOSIGNAL);
}

void block_forwarded_signals() {
  const sigset_t set = watched_signals();
  sigprocmask(SIG_BLOCK, &set, nullptr);
  for (const int stop : kStops) signal(stop, SIG_IGN);
}

void restore_signals() {
  for (const int stop : kStops) signal(stop, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  const sigset_t set = watched_signals();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

int front_loop(int fd, pid_t guard) { return Front(fd, guard).run(); }

}  // namespace cmdai::exec_guard
