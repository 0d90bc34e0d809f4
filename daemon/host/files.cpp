#include "daemon/host/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

namespace cmdai::host {
namespace {

std::string parent_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

std::string remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return "the disk is full: make room, nothing was changed";
    case EROFS:
      return "the file system is read-only: set `XDG_CONFIG_HOME` and `XDG_STATE_HOME` to a place that can "
             "be written";
    case EACCES:
    case EPERM: return "check owner and permissions";
    default: return {};
  }
}

}  // namespace

Diagnostic file_problem(const std::string& path, std::string message, std::string hint) {
  Diagnostic d;
  d.file = path;
  d.message = std::move(message);
  d.hint = std::move(hint);
  return d;
}

Descriptor::~Descriptor() { reset(); }

void Descriptor::reset(int fd) {
  if (fd_ >= 0) close(fd_);
  fd_ = fd;
}

bool missing(const std::string& path) {
  return access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

Result<std::string> read_file(const std::string& path, size_t limit) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0)
    return fail(file_problem(path, fmt::format("cannot be read: {}", std::strerror(errno)), remedy(errno)));
  struct stat info {};
  if (fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode))
    return fail(file_problem(path, "is a directory, not a file"));
  std::string text;
  char buffer[65536];
  while (true) {
    const ssize_t n = read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      return fail(file_problem(path, fmt::format("cannot be read: {}", std::strerror(errno)), remedy(errno)));
    if (n == 0) return text;
    text.append(buffer, static_cast<size_t>(n));
    if (text.size() > limit) return fail(file_problem(path, fmt::format("is larger than {} bytes", limit)));
  }
}

namespace {

Result<bool> write_beside(const std::string& path, std::string_view text, mode_t mode,
                          const std::function<bool()>& still_wanted) {
  const auto problem = [&path] {
    const int error = errno;
    return fail(
        file_problem(path, fmt::format("cannot be written: {}", std::strerror(error)), remedy(error)));
  };
  const std::string beside = fmt::format("{}.new.{}", path, getpid());
  {
    const Descriptor file(open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
    if (file.get() < 0) return problem();
    if (!write_all(file.get(), text) || fsync(file.get()) != 0) {
      auto failed = problem();
      unlink(beside.c_str());
      return failed;
    }
  }
  if (!still_wanted()) {
    unlink(beside.c_str());
    return false;
  }
  if (rename(beside.c_str(), path.c_str()) != 0) {
    auto failed = problem();
    unlink(beside.c_str());
    return failed;
  }
  const Descriptor directory(open(parent_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) fsync(directory.get());
  return true;
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view text, mode_t mode) {
  auto done = write_beside(path, text, mode, [] { return true; });
  if (!done) return fail(done.error());
  return {};
}

Result<bool> replace_file(const std::string& path, const std::optional<std::string>& before,
                          std::string_view text, mode_t mode) {
  return write_beside(path, text, mode, [&] {
    if (!before) return missing(path);
    const auto now = read_file(path);
    return now && *now == *before;
  });
}

Result<void> make_directories(const std::string& path, mode_t mode) {
  int first = 0;  // why the topmost of those that are missing could not be made: the others only follow
  for (size_t slash = 0; slash != std::string::npos;) {
    slash = path.find('/', slash + 1);
    if (mkdir(path.substr(0, slash).c_str(), mode) != 0 && errno != EEXIST && first == 0) first = errno;
  }
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  const int error = first == 0 ? ENOTDIR : first;
  return fail(file_problem(path, fmt::format("the directory cannot be made: {}", std::strerror(error)),
                           remedy(error)));
}

}  // namespace cmdai::host
