#include "daemon/host/real_probe.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>

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

}  // namespace

bool RealProbe::may_ask() {
  if (left_ == 0) return false;
  --left_;
  return true;
}

std::optional<FileInfo> RealProbe::lstat(const std::string& path) {
  struct stat info {};
  if (!may_ask() || ::lstat(path.c_str(), &info) != 0) return std::nullopt;
  FileInfo out;
  out.kind = kind_of(info.st_mode);
  out.size = static_cast<uint64_t>(info.st_size);
  out.mode = info.st_mode & 07777U;
  out.uid = info.st_uid;
  out.device = info.st_dev;
  return out;
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

}  // namespace cmdai::host
