#include "daemon/host/log_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>

#include "daemon/host/event_log.hpp"
#include "libcore/audit/chain.hpp"

namespace cmdai::host {
namespace {

constexpr size_t kPiece = 65536;

ssize_t read_at(int fd, char* into, size_t size, off_t at) {
  ssize_t n = 0;
  while ((n = pread(fd, into, size, at)) < 0 && errno == EINTR) {
  }
  return n;
}

/// The number of a file's first line; 0: it has none.
uint64_t first_seq(int fd) {
  std::string text;
  char piece[4096];
  for (ssize_t n = 0; (n = read_at(fd, piece, sizeof piece, static_cast<off_t>(text.size()))) > 0;) {
    text.append(piece, static_cast<size_t>(n));
    if (const size_t end = text.find('\n'); end != std::string::npos)
      return seq_of(std::string_view(text).substr(0, end));
    if (text.size() > size_t{4} << 20U) break;
  }
  return 0;
}

int open_log_file(const std::string& path) { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW); }

}  // namespace

uint64_t seq_of(std::string_view line) {
  constexpr std::string_view kBegin = R"({"v":1,"seq":)";  // as to_line() writes it
  uint64_t seq = 0;
  if (line.starts_with(kBegin)) {
    const char* const begin = line.data() + kBegin.size();
    const auto [end, error] = std::from_chars(begin, line.data() + line.size(), seq);
    if (error == std::errc() && end != line.data() + line.size() && *end == ',') return seq;
  }
  const auto link = audit::read_link(line);
  return link ? link->seq : 0;
}

void LogReader::restart(uint64_t seq) {
  seq_ = seq;
  file_.reset();
  buffer_.clear();
}

/// The file that holds the next line: the newest that begins no later than with it, else the oldest.
bool LogReader::open() {
  const std::vector<std::string> files = log_files(path_);
  for (auto it = files.rbegin(); it != files.rend(); ++it) {
    const int fd = open_log_file(*it);
    if (fd < 0) continue;
    file_.reset(fd);
    const uint64_t first = first_seq(fd);
    if (first != 0 && first <= seq_ + 1) break;
  }
  struct stat info {};
  if (file_.get() < 0 || fstat(file_.get(), &info) != 0) return false;
  inode_ = info.st_ino;
  device_ = info.st_dev;
  offset_ = 0;
  buffer_.clear();
  return true;
}

/// Another file takes the new lines now.
bool LogReader::superseded() const {
  struct stat info {};
  return stat(path_.c_str(), &info) == 0 && (info.st_ino != inode_ || info.st_dev != device_);
}

bool LogReader::read_more() {
  const size_t before = buffer_.size();
  buffer_.resize(before + kPiece);
  const ssize_t n = read_at(file_.get(), buffer_.data() + before, kPiece, offset_);
  buffer_.resize(before + static_cast<size_t>(std::max<ssize_t>(n, 0)));
  if (n <= 0) return false;
  offset_ += n;
  return true;
}

void LogReader::take(std::vector<Line>& into, size_t lines, size_t& bytes) {
  size_t begin = 0;
  while (into.size() < lines && bytes > 0) {
    const size_t end = buffer_.find('\n', begin);
    if (end == std::string::npos) break;
    const std::string_view line = std::string_view(buffer_).substr(begin, end - begin);
    begin = end + 1;
    const uint64_t seq = seq_of(line);
    if (seq <= seq_) continue;
    seq_ = seq;
    bytes -= std::min(bytes, line.size());
    into.push_back({seq, std::string(line)});
  }
  buffer_.erase(0, begin);
}

std::vector<LogReader::Line> LogReader::next(size_t lines, size_t bytes) {
  std::vector<Line> out;
  std::optional<uint64_t> opened_at;  // a file that gave nothing is not opened again
  while (out.size() < lines && bytes > 0) {
    if (file_.get() < 0) {
      if (opened_at == seq_ || !open()) return out;
      opened_at = seq_;
    }
    const size_t before = out.size();
    take(out, lines, bytes);
    if (out.size() == lines || bytes == 0 || out.size() != before) continue;
    if (read_more()) continue;
    if (!buffer_.empty()) {  // half a line: it is looked at again from its begin, it may be cut off and
                             // written anew
      offset_ -= static_cast<off_t>(buffer_.size());
      buffer_.clear();
    }
    if (!superseded()) return out;
    file_.reset();
  }
  return out;
}

}  // namespace cmdai::host
