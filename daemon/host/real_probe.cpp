#include "daemon/host/real_probe.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

#include "daemon/host/files.hpp"

namespace cmdai::host {
namespace {

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::directory;
  if (S_ISLNK(mode)) return FileKind::symlink;
  if (S_ISBLK(mode)) return FileKind::block_device;
  if (S_ISCHR(mode)) return FileKind::char_device;
  if (S_ISFIFO(mode)) return FileKind::fifo;
  if (S_ISSOCK(mode)) return FileKind::socket;
  return FileKind::other;
}

#ifdef __APPLE__
timespec modified(const struct stat& info) { return info.st_mtimespec; }
timespec changed(const struct stat& info) { return info.st_ctimespec; }
#else
timespec modified(const struct stat& info) { return info.st_mtim; }
timespec changed(const struct stat& info) { return info.st_ctim; }
#endif

int64_t nanoseconds(const timespec& time) {
  return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileInfo told(const struct stat& info) {
  FileInfo out;
  out.kind = kind_of(info.st_mode);
  out.size = static_cast<uint64_t>(info.st_size);
  out.mode = info.st_mode & 07777U;
  out.uid = info.st_uid;
  out.gid = info.st_gid;
  out.device = info.st_dev;
  out.inode = info.st_ino;
  out.modified = nanoseconds(modified(info));
  out.changed = nanoseconds(changed(info));
  return out;
}

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

}  // namespace

bool RealProbe::may_ask() {
  asked_ = true;
  if (left_ == 0) return false;
  --left_;
  return true;
}

std::optional<FileInfo> RealProbe::lstat(const std::string& path) {
  struct stat info {};
  if (!may_ask() || ::lstat(path.c_str(), &info) != 0) return std::nullopt;
  return told(info);
}

std::optional<std::string> RealProbe::real_path(const std::string& path) {
  char buffer[PATH_MAX];
  if (!may_ask() || ::realpath(path.c_str(), buffer) == nullptr) return std::nullopt;
  return std::string(buffer);
}

std::optional<std::string> RealProbe::read_file(const std::string& path, size_t limit) {
  struct stat info {};
  if (!may_ask() || stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode) ||
      static_cast<uint64_t>(info.st_size) > limit)
    return std::nullopt;
  auto text = host::read_file(path, limit);
  if (!text) return std::nullopt;
  return std::move(*text);
}

std::optional<std::vector<std::string>> RealProbe::list(const std::string& directory, size_t limit) {
  if (!may_ask()) return std::nullopt;
  DIR* open = opendir(directory.c_str());
  if (open == nullptr) return std::nullopt;
  std::vector<std::string> out;
  while (const dirent* entry = readdir(open)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (out.size() == limit) break;
    out.emplace_back(name);
  }
  closedir(open);
  return out;
}

bool RealProbe::is_absent(const std::string& path) {
  struct stat info {};
  return may_ask() && ::lstat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/// A disk that sleeps, a share over the network: an answer is worth only so long a wait.
bool RealProbe::may_scan() {
  const auto now = Clock::now();
  if (!scan_end_) scan_end_ = now + scanning_;
  return entries_left_ > 0 && now < *scan_end_;
}

std::optional<Listing> RealProbe::scan(const std::string& directory, size_t limit) {
  if (!may_scan()) return std::nullopt;
  const std::unique_ptr<DIR, CloseDirectory> open(opendir(directory.c_str()));
  if (!open) return std::nullopt;
  Listing out;
  while (const dirent* entry = readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    constexpr size_t kBetweenLooksAtTheClock = 256;
    const bool late = out.entries.size() % kBetweenLooksAtTheClock == 255 && !may_scan();
    if (out.entries.size() == limit || entries_left_ == 0 || late) {
      out.whole = false;
      break;
    }
    --entries_left_;
    struct stat info {};
    if (fstatat(dirfd(open.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    out.entries.push_back({std::string(name), told(info)});
  }
  return out;
}

std::optional<std::string> RealProbe::read_link(const std::string& path) {
  char buffer[PATH_MAX];
  if (!may_ask()) return std::nullopt;
  const ssize_t size = readlink(path.c_str(), buffer, sizeof buffer);
  if (size < 0 || static_cast<size_t>(size) == sizeof buffer) return std::nullopt;
  return std::string(buffer, static_cast<size_t>(size));
}

std::optional<std::string> RealProbe::read_part(const std::string& path, uint64_t offset, size_t size) {
  if (!may_ask()) return std::nullopt;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  const auto whole = static_cast<uint64_t>(info.st_size);
  std::string out(offset < whole ? std::min<uint64_t>(size, whole - offset) : 0, '\0');
  size_t have = 0;
  while (have < out.size()) {
    const ssize_t n =
        pread(file.get(), out.data() + have, out.size() - have, static_cast<off_t>(offset + have));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    have += static_cast<size_t>(n);
  }
  out.resize(have);
  return out;
}

}  // namespace cmdai::host
