#include "daemon/cli/run_question.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

#include "daemon/host/files.hpp"
#include "shell-hooks/exec-guard/tree_stderr.hpp"

namespace cmdai::cli {
namespace {

constexpr int kSlice = 200;  ///< milliseconds between two looks whether it can still be asked
constexpr int kSlices = 60'000 / kSlice;

bool ours(int terminal) {
  return tcgetpgrp(terminal) == getpgrp() && exec_guard::terminal_is_plain(terminal);
}

void show(int terminal, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = write(terminal, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    text.remove_prefix(static_cast<size_t>(size));
  }
}

Reply read_reply(int terminal) {
  char line[256];
  const ssize_t size = read(terminal, line, sizeof line);
  if (size <= 0) return Reply::none;
  return line[0] == 'y' || line[0] == 'Y' ? Reply::yes : Reply::no;
}

}  // namespace

bool TerminalQuestion::possible() const {
  if (!wanted_) return false;
  const host::Descriptor terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  return terminal.get() >= 0 && ours(terminal.get());
}

Reply TerminalQuestion::ask(const std::string& text, pid_t pid) {
  const std::lock_guard lock(mutex_);
  const host::Descriptor terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!wanted_ || terminal.get() < 0 || !ours(terminal.get())) return Reply::none;
  tcflush(terminal.get(), TCIFLUSH);
  show(terminal.get(), text + "  let it run? [y/N] ");
  for (int slice = 0; slice < kSlices; ++slice) {
    pollfd ready{terminal.get(), POLLIN, 0};
    if (poll(&ready, 1, kSlice) > 0) return read_reply(terminal.get());
    if (!wanted_ || !ours(terminal.get()) || (kill(pid, 0) != 0 && errno == ESRCH)) break;
  }
  show(terminal.get(), "\n  no answer: it does not run\n");
  return Reply::none;
}

}  // namespace cmdai::cli
