#include "shell-hooks/exec-guard/guarded_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "shell-hooks/exec-guard/exec_filter.hpp"
#include "shell-hooks/exec-guard/front.hpp"

namespace cmdai::exec_guard {
namespace {

/// From the program's process to the guard: how its preparation went. The listener comes with `guarded`.
struct Report {
  enum Kind : int32_t { guarded, nested, failed } kind = failed;
  int32_t error = 0;
};

constexpr std::array<int, 4> kForTheProgram = {SIGINT, SIGQUIT, SIGHUP, SIGTERM};

void complain(const std::string& text) {
  const std::string line = "cmdai: " + text + '\n';
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) return;  // nobody hears it
}

void send_report(int fd, Report report, int listener) {
  iovec bytes{&report, sizeof report};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof listener)] = {};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  if (listener >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof listener);
    std::memcpy(CMSG_DATA(head), &listener, sizeof listener);
  }
  if (sendmsg(fd, &message, MSG_NOSIGNAL) < 0) _exit(kCannotStart);
}

Report receive_report(int fd, int& listener) {
  Report report;
  iovec bytes{&report, sizeof report};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof listener)] = {};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC) != sizeof report) return {};
  if (const cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr && head->cmsg_type == SCM_RIGHTS)
    std::memcpy(&listener, CMSG_DATA(head), sizeof listener);
  return report;
}

std::vector<char*> pointers(const std::vector<std::string>& argv) {
  std::vector<char*> out;
  out.reserve(argv.size() + 1);
  for (const std::string& word : argv) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

/// The program's process: prepared, guarded, then the program.
[[noreturn]] void become_program(const std::vector<std::string>& argv, const TreeHooks& hooks, int fd,
                                 const std::vector<sock_filter>& filter) {
  restore_signals();
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);  // the guard reads what is to be run out of this memory
  if (const std::string problem = hooks.prepare ? hooks.prepare() : std::string(); !problem.empty()) {
    complain(problem);
    send_report(fd, {Report::failed, 0}, -1);
    _exit(kCannotStart);
  }
  const Installed installed = install(filter);
  if (installed.listener >= 0)
    send_report(fd, {Report::guarded, 0}, installed.listener);
  else
    send_report(fd, {installed.error == EBUSY ? Report::nested : Report::failed, installed.error}, -1);
  if (installed.listener < 0 && installed.error != EBUSY) _exit(kCannotStart);
  if (installed.listener >= 0) close(installed.listener);
  // The guard says when it listens: an exec before that would only wait, but its death would be missed.
  char go = 0;
  if (recv(fd, &go, 1, 0) != 1) _exit(kCannotStart);
  close(fd);
  execvp(argv[0].c_str(), pointers(argv).data());
  const int error = errno;
  if (error == EPERM && installed.listener >= 0) _exit(kNotExecutable);  // the guard said why
  complain(fmt::format("`{}` could not be started: {}", argv[0], std::strerror(error)));
  _exit(error == ENOENT ? kNotFound : kNotExecutable);
}

/// What was open when cmdai was started belongs to the program: a pipe ends when the program closes it.
void close_others(std::initializer_list<int> kept) {
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return;
  std::vector<int> open_ones;
  while (const dirent* entry = readdir(folder)) {
    const int fd = static_cast<int>(std::strtol(entry->d_name, nullptr, 10));
    if (fd > STDERR_FILENO && fd != dirfd(folder)) open_ones.push_back(fd);
  }
  closedir(folder);
  for (const int fd : open_ones)
    if (std::find(kept.begin(), kept.end(), fd) == kept.end()) close(fd);
}

void leave_streams() {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return;
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, fd);
  close(null);
}

/// Tells the front how the program fares, until it has ended.
void follow(pid_t program, int front, const TreeHooks& hooks) {
  int status = 0;
  while (true) {
    const pid_t pid = waitpid(-1, &status, WUNTRACED);  // orphans are ours to bury, too
    if (pid < 0 && errno != EINTR) return;
    if (pid != program) continue;
    if (!WIFSTOPPED(status)) break;
    tell_front(front, FrontMessage::stopped, WSTOPSIG(status));
  }
  if (hooks.ended) hooks.ended();
  leave_streams();
  tell_front(front, FrontMessage::ended, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/// Until nobody is left whose execs come here: the program may have left something running.
void outlive_tree(int listener) {
  constexpr int kPause = 1000;  // milliseconds; only burials wait for it
  while (listener >= 0) {
    pollfd state{listener, 0, 0};
    const int ready = poll(&state, 1, kPause);
    if (ready > 0 && (state.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) return;
    pid_t pid = 0;
    while ((pid = waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (pid < 0 && errno == ECHILD) return;
  }
}

std::string install_problem(int error) {
  return fmt::format(
      "this kernel lets nobody watch what a program starts (seccomp user notification: {}); "
      "the program was not started",
      std::strerror(error));
}

[[noreturn]] void be_guard(const std::vector<std::string>& argv, const TreeHooks& hooks, int front,
                           const std::vector<sock_filter>& filter) {
  // Keys and hang-ups are for the program; what it leaves behind still has to be guarded.
  std::array<void (*)(int), kForTheProgram.size()> before{};
  std::transform(kForTheProgram.begin(), kForTheProgram.end(), before.begin(),
                 [](int number) { return signal(number, SIG_IGN); });
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);  // orphans stay ours: to be waited for, and to be read (Yama)
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) _exit(kCannotStart);
  const pid_t program = fork();
  if (program == 0) {
    // What the guard ignores, the program does not inherit; what nohup ignores, it does.
    for (size_t i = 0; i < before.size(); ++i) signal(kForTheProgram[i], before[i]);
    close(pair[0]);
    close(front);
    become_program(argv, hooks, pair[1], filter);
  }
  close(pair[1]);
  if (program < 0) _exit(kCannotStart);
  close_others({pair[0], front});
  int listener = -1;
  const Report report = receive_report(pair[0], listener);
  if (report.kind == Report::failed && report.error != 0) complain(install_problem(report.error));
  tell_front(front, FrontMessage::started, program);
  if (report.kind == Report::nested && hooks.nested) hooks.nested();
  if (listener >= 0) hooks.guard(listener);
  const char go = 1;
  if (report.kind != Report::failed) send(pair[0], &go, 1, MSG_NOSIGNAL);
  close(pair[0]);
  if (chdir("/") != 0) complain("the guard stays in this directory");
  follow(program, front, hooks);
  outlive_tree(listener);
  if (listener >= 0 && hooks.left) hooks.left();
  _exit(0);  // threads of the guard are waiting for execs that cannot come
}

}  // namespace

int run_guarded(const std::vector<std::string>& argv, const TreeHooks& hooks) {
  const Result<std::vector<sock_filter>> filter = exec_filter();
  if (!filter) {
    complain(filter.error().render());
    return kCannotStart;
  }
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return kCannotStart;
  // Nobody of the tree, which has our uid, may look into these two or take the listener (pidfd_getfd).
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  block_forwarded_signals();
  const pid_t guard = fork();
  if (guard == 0) {
    close(pair[0]);
    be_guard(argv, hooks, pair[1], *filter);
  }
  close(pair[1]);
  if (guard < 0) {
    complain(fmt::format("no process for the guard: {}", std::strerror(errno)));
    return kCannotStart;
  }
  return front_loop(pair[0], guard);
}

}  // namespace cmdai::exec_guard
