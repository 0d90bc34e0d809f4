#include "shell-hooks/exec-guard/exec_call.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "daemon/host/files.hpp"
#include "shell-hooks/exec-guard/shell_line.hpp"
#include "shell-hooks/exec-guard/tree_process.hpp"

namespace cmdai::exec_guard {
namespace {

// execve(2): the kernel takes at most 6 MiB of words and environment.
constexpr size_t kMostBytes = size_t{6} << 20U;
constexpr size_t kMostWords = kMostBytes / 8;

tl::unexpected<Diagnostic> unreadable(int error) {
  Diagnostic d;
  if (error == EPERM || error == EACCES) {
    d.message = "the program hides its memory: what it would start cannot be read";
    d.hint =
        "programs that set PR_SET_DUMPABLE to 0, and kernel.yama.ptrace_scope above 1, cannot be guarded";
  } else if (error == E2BIG) {
    d.message = "the command is longer than the kernel takes";
  } else {
    d.message = std::string("what it would start cannot be read: ") + std::strerror(error);
  }
  return fail(std::move(d));
}

Result<std::vector<std::string>> read_words(TreeMemory& memory, uint64_t array, unsigned pointer) {
  std::vector<std::string> out;
  size_t left = kMostBytes;
  // Pointers and texts lie apart: a second window onto the pointers keeps both pages at hand.
  TreeMemory pointers = memory;
  for (uint64_t at = array; array != 0; at += pointer) {
    const auto address = pointers.pointer(at, pointer);
    if (!address) return unreadable(pointers.error());
    if (*address == 0) break;
    auto word = memory.text(*address, left);
    if (!word) return unreadable(memory.error());
    left -= std::min(left, word->size() + 1);
    out.push_back(std::move(*word));
    if (left == 0 || out.size() > kMostWords) return unreadable(E2BIG);
  }
  return out;
}

std::string proc(pid_t pid) { return "/proc/" + std::to_string(pid); }

/// A file named through /proc/self or /dev/fd is the caller's, not ours.
std::string as_the_caller_means(const std::string& path, pid_t pid, pid_t thread) {
  const auto beyond = [&path](std::string_view prefix) { return path.substr(prefix.size()); };
  if (path.starts_with("/proc/self/")) return proc(pid) + '/' + beyond("/proc/self/");
  if (path.starts_with("/proc/thread-self/"))
    return proc(pid) + "/task/" + std::to_string(thread) + '/' + beyond("/proc/thread-self/");
  if (path.starts_with("/dev/fd/")) return proc(pid) + "/fd/" + beyond("/dev/fd/");
  return path;
}

/// The file behind a descriptor by its name, where that name still leads to it; else the descriptor.
std::string named_file(const std::string& magic) {
  char buffer[PATH_MAX];
  const ssize_t size = readlink(magic.c_str(), buffer, sizeof buffer);
  if (size <= 0) return magic;
  std::string name(buffer, static_cast<size_t>(size));
  struct stat open_file {
  }, there{};
  const bool same = stat(magic.c_str(), &open_file) == 0 && stat(name.c_str(), &there) == 0 &&
                    open_file.st_dev == there.st_dev && open_file.st_ino == there.st_ino;
  return same ? name : magic;
}

std::string join(const std::string& folder, std::string_view path) {
  if (path.starts_with('/') || folder.empty()) return std::string(path);
  while (path.starts_with("./")) path.remove_prefix(2);
  return (folder == "/" ? "" : folder) + '/' + std::string(path);
}

/// Absolute, from what the call says.
std::string file_of(const std::string& said, int directory, const ExecCall& call) {
  const std::string fd = "fd/" + std::to_string(directory);
  if (said.empty()) return named_file(proc(call.pid) + '/' + fd);  // AT_EMPTY_PATH: the descriptor itself
  std::string path = said;
  if (!said.starts_with('/') && directory != AT_FDCWD)
    path = join(link_of(call.pid, fd), said);
  else if (!said.starts_with('/'))
    path = join(call.cwd, said);
  const std::string meant = as_the_caller_means(path, call.pid, call.thread);
  return meant.starts_with("/proc/") ? named_file(meant) : meant;
}

/// A tree in another mount namespace or root has its own files under our names.
bool lives_elsewhere(pid_t pid) {
  // A mount's number is one of its namespace alone: one look tells another root and another namespace.
  struct statx ours {};
  struct statx theirs {};
  const std::string root = proc(pid) + "/root";
  if (statx(AT_FDCWD, "/", 0, STATX_INO | STATX_MNT_ID, &ours) != 0 ||
      statx(AT_FDCWD, root.c_str(), 0, STATX_INO | STATX_MNT_ID, &theirs) != 0)
    return true;
  return ours.stx_mnt_id != theirs.stx_mnt_id || ours.stx_ino != theirs.stx_ino ||
         (theirs.stx_mask & STATX_MNT_ID) == 0;
}

int only_missing(int error) { return error == ENOENT || error == ENOTDIR ? error : 0; }

/// Says the same file to whoever reads it.
bool is_plain(std::string_view path) {
  return path.starts_with('/') && !path.starts_with("/proc/") && !path.starts_with("/dev/fd/");
}

/// What is there by its name here is looked for in the tree's own root only where somebody has to be asked:
/// else the kernel says so.
void look_for_file(ExecCall& call) {
  struct stat there {};
  call.missing = stat(call.path.c_str(), &there) == 0 ? 0 : only_missing(errno);
  if (call.missing != 0) call.missing = missing_in_its_root(call);
}

/// The path by which this process reads what the tree would run.
std::string as_seen_from_here(const std::string& path, pid_t pid) {
  if (path.starts_with("/proc/") || !lives_elsewhere(pid)) return path;
  std::string inside = proc(pid) + "/root" + path;
  struct stat there {
  }, here{};
  if (stat(inside.c_str(), &there) != 0) return path;  // a link in it leads out; its name is all there is
  const bool same =
      stat(path.c_str(), &here) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
  return same ? path : inside;
}

/// What the file is called behind all links, when that is a program of the system's by another name.
std::string linked_program(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
  if (real == nullptr || path == real.get()) return {};
  std::string word = program_word(real.get());
  return word.find('/') == std::string::npos ? word : std::string();
}

}  // namespace

Result<ExecCall> read_exec(const seccomp_notif& notification) {
  const auto kind = exec_kind(notification.data.arch, notification.data.nr);
  if (!kind) return unreadable(ENOSYS);
  ExecCall out;
  out.id = notification.id;
  out.thread = static_cast<pid_t>(notification.pid);
  const auto& args = notification.data.args;
  const uint64_t mask = kind->pointer == 4 ? 0xffffffffU : ~uint64_t{0};
  const unsigned first = kind->at ? 1 : 0;
  TreeMemory memory(out.thread);
  const auto said = memory.text(args[first] & mask, PATH_MAX);
  if (!said) return unreadable(memory.error() == E2BIG ? ENAMETOOLONG : memory.error());
  if (is_plain(*said)) {  // a search of PATH asks for many that are not there: no more is read for them
    out.path = *said;
    look_for_file(out);
    if (out.missing != 0) return out;
  }
  const Relatives relatives = relatives_of(out.thread);
  out.pid = relatives.process;
  out.parent = relatives.parent;
  // A thread may have a directory of its own (CLONE_FS).
  out.cwd = link_of(out.thread, "cwd");
  auto words = read_words(memory, args[first + 1] & mask, kind->pointer);
  if (!words) return fail(std::move(words.error()));
  out.argv = std::move(*words);
  if (!is_plain(*said)) {
    out.path = file_of(*said, kind->at ? static_cast<int>(args[0]) : AT_FDCWD, out);
    look_for_file(out);
  }
  if (out.argv.empty()) out.argv.push_back(out.path);
  return out;
}

int missing_in_its_root(const ExecCall& call) {
  if (call.path.starts_with("/proc/") || !lives_elsewhere(call.thread)) return call.missing;
  // Its links lead where its root says.
  const host::Descriptor root(open((proc(call.thread) + "/root").c_str(), O_PATH | O_CLOEXEC));
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT;
  const host::Descriptor file(
      static_cast<int>(syscall(SYS_openat2, root.get(), call.path.c_str(), &how, sizeof how)));
  return file.get() >= 0 ? 0 : only_missing(errno);
}

void add_numbers(ExecCall& call) {
  if (auto numbers = numbers_of(call.pid)) {
    if (call.parent == 0) call.parent = numbers->parent;
    call.birth = std::move(numbers->birth);
  }
}

bool is_waiting(int listener, uint64_t id) { return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0; }

std::vector<std::string> lines_of(const ExecCall& call) {
  const std::string word = program_word(call.path);
  std::vector<std::string> programs{word};
  if (word.find('/') != std::string::npos) {  // not one of the system's programs
    programs[0] = as_seen_from_here(call.path, call.thread);
    programs.push_back(linked_program(programs[0]));
  }
  programs.push_back(other_name(call.path, call.argv[0]));
  std::vector<std::string> out;
  for (const std::string& program : programs) {
    if (program.empty()) continue;
    std::string line = shell_line(program, call.argv);
    if (std::find(out.begin(), out.end(), line) == out.end()) out.push_back(std::move(line));
  }
  return out;
}

}  // namespace cmdai::exec_guard
