#include "daemon/host/log_head.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

namespace cmdai::host {

std::string numbered_log(const std::string& path, uint32_t number) {
  if (number == 0) return path;
  const size_t dot = path.rfind('.');
  return fmt::format("{}.{}{}", path.substr(0, dot), number, path.substr(dot));
}

std::string head_path(const std::string& path) { return path.substr(0, path.rfind('.')) + ".head"; }

std::optional<LogHead> read_log_head(int fd) {
  char text[256];
  const ssize_t size = fd < 0 ? -1 : pread(fd, text, sizeof text, 0);
  if (size <= 0) return std::nullopt;
  LogHead out;
  const char* const end = text + size;
  const auto seq = std::from_chars(text, end, out.head.seq);
  if (seq.ec != std::errc() || seq.ptr == end) return std::nullopt;
  const auto first = std::from_chars(seq.ptr + 1, end, out.first);
  if (first.ec != std::errc() || end - first.ptr < 65) return std::nullopt;
  out.head.hash = std::string(first.ptr + 1, 64);
  return out;
}

void write_log_head(int fd, const LogHead& head, off_t before) {
  if (fd < 0) return;
  const std::string text = fmt::format("{} {} {}\n", head.head.seq, head.first, head.head.hash);
  // In one piece: half a head is worse than an old one. What cannot be written is what verify_log() will say.
  // It gets longer, if anything: to cut off an older, longer one is hardly ever needed.
  const auto size = static_cast<off_t>(text.size());
  if (pwrite(fd, text.data(), text.size(), 0) == size && before > size && ftruncate(fd, size) != 0) return;
}

HeadLock::HeadLock(int fd, int operation, std::chrono::milliseconds at_most) : fd_(fd) {
  const auto end = std::chrono::steady_clock::now() + at_most;
  while (fd_ >= 0 && flock(fd_, operation | LOCK_NB) != 0) {
    const bool may_come = errno == EWOULDBLOCK || errno == EINTR;
    if (!may_come || std::chrono::steady_clock::now() >= end) {
      fd_ = -1;
      return;
    }
    usleep(1000);
  }
}

HeadLock::~HeadLock() {
  if (fd_ >= 0) flock(fd_, LOCK_UN);
}

}  // namespace cmdai::host
