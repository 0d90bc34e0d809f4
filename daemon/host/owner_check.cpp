#include "daemon/host/owner_check.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "daemon/host/files.hpp"

namespace cmdai::host {
namespace {

bool owner_fits(const struct stat& info, const Trusted& trusted) {
  return info.st_uid == 0 || (trusted.owner && info.st_uid == *trusted.owner);
}

Result<void> check_one(const std::string& file, const std::string& place, const struct stat& info,
                       const Trusted& trusted) {
  if (!owner_fits(info, trusted))
    return fail(file_problem(file,
                             fmt::format("is not used: {} belongs to uid {}{}", place == file ? "it" : place,
                                         info.st_uid, trusted.owner ? "" : ", not to root"),
                             fmt::format("chown root {}", place)));
  if (S_ISLNK(info.st_mode)) return {};  // a link's own mode says nothing
  const bool safe =
      trusted.sticky && S_ISDIR(info.st_mode) && info.st_uid == 0 && (info.st_mode & S_ISVTX) != 0;
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !safe)
    return fail(file_problem(file,
                             fmt::format("is not used: {} can be written by others (mode {:04o})",
                                         place == file ? "it" : place, info.st_mode & 07777U),
                             fmt::format("chmod go-w {}", place)));
  return {};
}

/// `/`, then each name of the path.
Result<void> check_chain(const std::string& file, const std::string& path, const Trusted& trusted) {
  for (size_t slash = 0; slash != std::string::npos;) {
    const std::string place = slash == 0 ? "/" : path.substr(0, slash);
    struct stat info {};
    if (lstat(place.c_str(), &info) != 0)
      return fail(file_problem(file, fmt::format("cannot be looked at: {}", std::strerror(errno))));
    if (auto fine = check_one(file, place, info, trusted); !fine) return fine;
    if (slash == path.size()) break;
    slash = std::min(path.find('/', slash + 1), path.size());
  }
  return {};
}

}  // namespace

Result<void> check_owner(const std::string& path, const Trusted& trusted) {
  if (!path.starts_with('/')) return fail(file_problem(path, "is no absolute path"));
  char* resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr)
    return fail(file_problem(path, fmt::format("cannot be looked at: {}", std::strerror(errno))));
  const std::string real = resolved;
  std::free(resolved);
  if (auto fine = check_chain(path, path, trusted); !fine) return fine;
  return real == path ? Result<void>() : check_chain(path, real, trusted);
}

}  // namespace cmdai::host
