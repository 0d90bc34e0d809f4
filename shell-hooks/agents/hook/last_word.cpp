#include "shell-hooks/agents/hook/last_word.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace cmdai::agents {
namespace {

constexpr size_t kOut = 12 * 1024, kErr = 12 * 1024;  // bytes

/// Where a signal handler finds an answer: no allocation, no library.
struct Prepared {
  std::array<char, kOut> out{};
  std::array<char, kErr> err{};
  size_t out_size = 0, err_size = 0;
  int status = kRefusedByStatus;
};

Prepared too_late;
Prepared stopped;
bool output_is_gone = false;
std::array<char, 64 * 1024> other_stack{};  // for a handler that runs because the stack is full

constexpr int kTaken[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,   SIGBUS,  SIGFPE, SIGUSR1,
                          SIGSEGV, SIGUSR2, SIGALRM, SIGTERM, SIGXCPU, SIGVTALRM, SIGPROF, SIGSYS, SIGXFSZ};

size_t put(std::string_view text, char* to, size_t room) {
  const size_t size = std::min(text.size(), room);
  std::memcpy(to, text.data(), size);
  return size;
}

void prepare(const HookAnswer& answer, Prepared& into) {
  // Half a JSON object says nothing to anybody: what does not fit is told by the status alone.
  const bool fits = answer.out.size() <= into.out.size();
  into.out_size = fits ? put(answer.out, into.out.data(), into.out.size()) : 0;
  into.err_size = put(answer.err, into.err.data(), into.err.size());
  into.status = fits ? answer.status : kRefusedByStatus;
}

bool write_all(int fd, const char* bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t n = write(fd, bytes + done, size - done);
    if (n > 0) {
      done += static_cast<size_t>(n);
    } else if (n < 0 && errno == EAGAIN) {
      pollfd entry{fd, POLLOUT, 0};
      if (poll(&entry, 1, 200) <= 0) return false;
    } else if (n == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

[[noreturn]] void speak(std::string_view out, std::string_view err, int status) {
  const bool heard = out.empty() || (!output_is_gone && write_all(STDOUT_FILENO, out.data(), out.size()));
  if (!heard) {
    constexpr std::string_view kLost = "cmdai: the answer could not be given; nothing was allowed\n";
    write_all(STDERR_FILENO, kLost.data(), kLost.size());
    status = kRefusedByStatus;
  }
  write_all(STDERR_FILENO, err.data(), err.size());
  _exit(status);
}

void on_signal(int number) {
  const Prepared& answer = number == SIGALRM ? too_late : stopped;
  speak({answer.out.data(), answer.out_size}, {answer.err.data(), answer.err_size}, answer.status);
}

void block_all() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
}

void take_signals() {
  stack_t stack{};
  stack.ss_sp = other_stack.data();
  stack.ss_size = other_stack.size();
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  sigfillset(&action.sa_mask);
  for (const int number : kTaken) sigaction(number, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // who started us may have blocked some
}

}  // namespace

void guard(const LastWords& words, int deadline_ms) {
  for (int fd = 0; fd < 3; ++fd) {
    if (fcntl(fd, F_GETFD) != -1) continue;
    output_is_gone |= fd == STDOUT_FILENO;
    open("/dev/null", O_RDWR);  // the lowest number that is free: fd
  }
  prepare(words.too_late, too_late);
  prepare(words.stopped, stopped);
  take_signals();
  itimerval timer{};
  timer.it_value.tv_sec = deadline_ms / 1000;
  timer.it_value.tv_usec = deadline_ms % 1000 * 1000;
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void reword(const LastWords& words) {
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  prepare(words.too_late, too_late);
  prepare(words.stopped, stopped);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

void give(const HookAnswer& answer) {
  block_all();
  speak(answer.out, answer.err, answer.status);
}

}  // namespace cmdai::agents
