#include "daemon/host/processes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "daemon/host/files.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::host {
namespace {

pid_t number(std::string_view text) {
  pid_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

/// The first `limit` bytes of a file of /proc/PID; empty: it cannot be read.
std::string proc_file(pid_t pid, std::string_view name, size_t limit) {
  const Descriptor file(open(fmt::format("/proc/{}/{}", pid, name).c_str(), O_RDONLY | O_CLOEXEC));
  std::string out(file.get() < 0 ? 0 : limit, '\0');
  size_t size = 0;
  while (size < out.size()) {
    const ssize_t n = read(file.get(), out.data() + size, out.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    size += static_cast<size_t>(n);
  }
  out.resize(size);
  return out;
}

/// A whole one: the kernel writes it for one read(2), and its 52 fields do not fill this.
std::string_view read_stat(pid_t pid, std::array<char, 2048>& room) {
  const Descriptor file(open(fmt::format("/proc/{}/stat", pid).c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return {};
  ssize_t size = -1;
  do size = read(file.get(), room.data(), room.size());
  while (size < 0 && errno == EINTR);
  return {room.data(), size > 0 ? static_cast<size_t>(size) : 0};
}

/// Takes one word, and the blank behind it, from the beginning.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

/// What stands between NULs, in the first `limit` bytes.
std::vector<std::string> strings_of(pid_t pid, std::string_view name, size_t limit) {
  return words_in(proc_file(pid, name, limit), std::string_view("\0", 1));
}

}  // namespace

std::optional<Process> find_process(pid_t pid) {
  // proc_pid_stat(5): `pid (name) state ppid pgrp session tty_nr …`; the name may hold anything. Field 22 is
  // when it began.
  std::array<char, 2048> room;
  const std::string_view stat = read_stat(pid, room);
  const size_t open = stat.find('(');
  const size_t close = stat.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  std::string_view rest = stat.substr(std::min(close + 2, stat.size()));
  constexpr size_t kFirst = 3;  // the number of the field behind the name
  constexpr size_t kParent = 4, kTerminal = 7, kBirth = 22;
  Process out{pid, 0, std::string(stat.substr(open + 1, close - open - 1)), {}, false};
  for (size_t field = kFirst; field <= kBirth; ++field) {
    const std::string_view word = take_word(rest);
    if (word.empty()) return std::nullopt;
    if (field == kParent) out.parent = number(word);
    if (field == kTerminal) out.terminal = word != "0";
    if (field == kBirth) out.birth = word;
  }
  return out;
}

std::string process_birth(pid_t pid) {
  const std::optional<Process> process = find_process(pid);
  return process ? process->birth : std::string();
}

std::string process_program(pid_t pid) {
  std::string out(4096, '\0');
  const ssize_t size = readlink(fmt::format("/proc/{}/exe", pid).c_str(), out.data(), out.size());
  out.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return out;
}

std::vector<std::string> process_words(pid_t pid) { return strings_of(pid, "cmdline", 4096); }

std::vector<std::string> process_marks(pid_t pid, const std::vector<std::string>& names) {
  std::vector<std::string> out;
  const std::vector<std::string> environment = strings_of(pid, "environ", size_t{128} << 10U);
  for (const std::string& name : names)
    if (std::any_of(environment.begin(), environment.end(), [&](const std::string& entry) {
          return entry.starts_with(name) && entry.substr(name.size()).starts_with('=');
        }))
      out.push_back(name);
  return out;
}

}  // namespace cmdai::host
