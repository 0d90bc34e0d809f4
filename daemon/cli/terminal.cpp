#include "daemon/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace cmdai::cli {
namespace {

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EPIPE) _exit(141);  // as if SIGPIPE had ended us
    if (n < 0) {
      constexpr std::string_view kMessage = "cmdai: the output cannot be written\n";
      if (fd == STDOUT_FILENO && write(STDERR_FILENO, kMessage.data(), kMessage.size()) < 0) _exit(3);
      _exit(3);
    }
    text.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace

bool colors(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && no_color[0] != '\0') return false;
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::strcmp(term, "dumb") == 0) return false;
  return isatty(fd) == 1;
}

bool plain() {
  const char* wanted = std::getenv("CMDAI_PLAIN");
  const char* term = std::getenv("TERM");
  return (wanted != nullptr && wanted[0] != '\0') || (term != nullptr && std::strcmp(term, "dumb") == 0);
}

uint32_t columns(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* text = std::getenv("COLUMNS");
  const long value = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  return value >= 20 && value < 10000 ? static_cast<uint32_t>(value) : 80;
}

explain::Style style_for(int fd) {
  explain::Style style;
  style.color = colors(fd);
  style.width = columns(fd);
  style.plain = plain();
  return style;
}

void print(std::string_view text) { write_all(STDOUT_FILENO, text); }

void talk(std::string_view text) { write_all(STDERR_FILENO, text); }

int complain(const Diagnostic& problem, int status) {
  const std::string text = problem.render();
  const bool placed = !problem.file.empty();
  talk((placed ? "" : "cmdai: ") + text + '\n');
  return status;
}

int complain(std::string message, std::string hint, int status) {
  Diagnostic d;
  d.message = std::move(message);
  d.hint = std::move(hint);
  return complain(d, status);
}

}  // namespace cmdai::cli
