#include "shell-hooks/exec-guard/landlock.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "daemon/host/files.hpp"
#include "shell-hooks/exec-guard/landlock_rules.hpp"

namespace cmdai::exec_guard {
namespace {

constexpr uint64_t kTruncate = 1U << 14U;  // LANDLOCK_ACCESS_FS_TRUNCATE, Linux 6.2 (version 3)
constexpr uint64_t kReadFiles = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr uint64_t kChangeFiles = LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;
constexpr uint64_t kChangeFolders =
    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(directory.c_str()), closedir);
  while (const dirent* entry = folder == nullptr ? nullptr : readdir(folder.get()))
    if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
      out.emplace_back(entry->d_name);
  return out;
}

class Ruleset {
 public:
  explicit Ruleset(uint64_t handled) : handled_(handled) {
    const landlock_ruleset_attr attributes{handled};
    fd_.reset(static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  }
  bool made() const { return fd_.get() >= 0; }

  /// What is gone by now, and symbolic links (their targets count), need no rule. 0 or errno.
  int grant(const std::string& path, uint64_t rights) const {
    const host::Descriptor place(open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat info {};
    if (place.get() < 0) return errno == ENOENT || errno == EACCES ? 0 : errno;
    if (fstat(place.get(), &info) != 0) return errno;
    if (S_ISLNK(info.st_mode)) return 0;
    rights &= handled_;
    if (!S_ISDIR(info.st_mode)) rights &= kReadFiles | kChangeFiles;
    if (rights == 0) return 0;
    const landlock_path_beneath_attr rule{rights, place.get()};
    const long done = syscall(SYS_landlock_add_rule, fd_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    return done == 0 ? 0 : errno;
  }

  int enforce() const {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return syscall(SYS_landlock_restrict_self, fd_.get(), 0) == 0 ? 0 : errno;
  }

 private:
  uint64_t handled_;
  host::Descriptor fd_;
};

Diagnostic no_landlock(int error) {
  Diagnostic d;
  d.message = error == EOPNOTSUPP ? "Landlock is switched off on this machine: nothing was started"
                                  : "this kernel has no Landlock: nothing was started";
  d.hint = error == EOPNOTSUPP ? "boot with `lsm=landlock,…`; what is on stands in /sys/kernel/security/lsm"
                               : "`--read-only` and `--hide` need Linux 5.13 or later";
  return d;
}

Result<std::vector<std::string>> real_paths(const std::vector<std::string>& paths, std::string_view option) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
    if (real == nullptr) {
      Diagnostic d;
      d.message = fmt::format("{} {}: {}", option, path, std::strerror(errno));
      d.hint = "only what is there can be kept";
      return fail(std::move(d));
    }
    out.emplace_back(real.get());
  }
  return out;
}

/// 0 or errno.
int grant_all_but(const Ruleset& ruleset, const std::vector<std::string>& withheld, uint64_t rights) {
  for (const std::string& path : granted_paths(withheld, names_in))
    if (const int error = ruleset.grant(path, rights); error != 0) return error;
  return 0;
}

}  // namespace

int landlock_version() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

Result<Confinement> usable(const Confinement& asked) {
  if (!asked.empty() && landlock_version() == 0) return fail(no_landlock(errno));
  auto read_only = real_paths(asked.read_only, "--read-only");
  if (!read_only) return fail(std::move(read_only.error()));
  auto hidden = real_paths(asked.hidden, "--hide");
  if (!hidden) return fail(std::move(hidden.error()));
  return Confinement{std::move(*read_only), std::move(*hidden)};
}

std::string landlock_gap(const Confinement& confinement) {
  if (!confinement.read_only.empty() && landlock_version() < 3)
    return "this kernel's Landlock cannot keep files from being cut off (truncate); Linux 6.2 can";
  return {};
}

std::string confine(const Confinement& confinement) {
  if (confinement.empty()) return {};
  const int version = landlock_version();
  // Without this right handled, nothing could be renamed from one folder into another (version 1: it cannot).
  uint64_t handled = version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
  if (!confinement.read_only.empty()) handled |= kChangeFiles | kChangeFolders;
  if (!confinement.hidden.empty()) handled |= kReadFiles;
  if (version < 3) handled &= ~kTruncate;
  const Ruleset ruleset(handled);
  int error = ruleset.made() ? 0 : errno;
  if (error == 0 && !confinement.read_only.empty()) {
    error = grant_all_but(ruleset, confinement.read_only,
                          kChangeFiles | kChangeFolders | LANDLOCK_ACCESS_FS_REFER);
    // A program that cannot write to /dev/null does nothing at all.
    bool in_dev = false;
    for (const std::string& path : confinement.read_only) in_dev = in_dev || lies_in(path, "/dev");
    if (error == 0 && !in_dev) error = ruleset.grant("/dev", kChangeFiles);
  } else if (error == 0) {
    error = ruleset.grant("/", LANDLOCK_ACCESS_FS_REFER);
  }
  if (error == 0 && !confinement.hidden.empty())
    error = grant_all_but(ruleset, confinement.hidden, kReadFiles);
  if (error == 0) error = ruleset.enforce();
  return error == 0 ? std::string()
                    : fmt::format("Landlock could not be put in place: {}; the program was not started",
                                  std::strerror(error));
}

}  // namespace cmdai::exec_guard
