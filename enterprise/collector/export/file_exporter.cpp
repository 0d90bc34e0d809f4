#include "enterprise/collector/export/file_exporter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "enterprise/protocol/ocsf.hpp"

namespace cmdai::collector {

namespace fs = std::filesystem;

std::string ocsf_line(std::string_view event) {
  auto mapped = wire::to_ocsf(event);
  if (mapped) return std::move(*mapped);
  // Base Event: nothing is left out because nobody knows what it is.
  const nlohmann::json bare = {{"class_uid", 0},    {"category_uid", 0},
                               {"activity_id", 99}, {"type_uid", 99},
                               {"severity_id", 0},  {"unmapped", {{"line", std::string(event)}}}};
  return bare.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void FileExporter::rotate() const {
  std::error_code ignored;
  if (rotate_bytes_ == 0 || fs::file_size(path_, ignored) < rotate_bytes_ || ignored) return;
  fs::remove(path_ + "." + std::to_string(keep_), ignored);
  for (std::uint64_t i = keep_; i > 1; --i)
    fs::rename(path_ + "." + std::to_string(i - 1), path_ + "." + std::to_string(i), ignored);
  fs::rename(path_, path_ + ".1", ignored);
}

/// Whole or not at all: what a full disk let through of it is cut off again, so that no line is half there.
Done FileExporter::append(const std::string& text) const {
  const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (fd < 0) return failed(Problem::unavailable, path_ + ": " + std::strerror(errno));
  const off_t before = ::lseek(fd, 0, SEEK_END);
  std::size_t done = 0;
  int problem = 0;
  while (done < text.size() && problem == 0) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n >= 0)
      done += static_cast<std::size_t>(n);
    else if (errno != EINTR)
      problem = errno;
  }
  if (problem == 0 && ::fdatasync(fd) != 0) problem = errno;
  if (problem != 0 && before >= 0 && ::ftruncate(fd, before) != 0) problem = errno;
  ::close(fd);
  if (problem != 0) return failed(Problem::unavailable, path_ + ": " + std::strerror(problem));
  return {};
}

Done FileExporter::write(std::span<const Outgoing> events) {
  std::error_code ignored;
  fs::create_directories(fs::path(path_).parent_path(), ignored);
  rotate();
  std::string text;
  for (const Outgoing& event : events) text += ocsf_line(event.line) + "\n";
  return append(text);
}

}  // namespace cmdai::collector
