#include "shell-hooks/exec-guard/tree_process.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "daemon/host/files.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::exec_guard {

size_t TreeMemory::fetch(uint64_t address) {
  if (address >= begin_ && address < end_) return end_ - address;
  const size_t room = sizeof page_ - (address & (sizeof page_ - 1));  // a text may end where a page does
  const iovec here{page_, room};
  // The address is the other process'.
  const iovec there{reinterpret_cast<void*>(static_cast<uintptr_t>(address)), room};  // NOLINT
  const ssize_t got = process_vm_readv(pid_, &here, 1, &there, 1, 0);
  if (got <= 0) {
    error_ = got < 0 ? errno : EFAULT;
    begin_ = end_ = 0;
    return 0;
  }
  begin_ = address;
  end_ = address + static_cast<size_t>(got);
  return static_cast<size_t>(got);
}

std::optional<std::string> TreeMemory::text(uint64_t address, size_t limit) {
  std::string out;
  while (out.size() <= limit) {
    const size_t size = fetch(address);
    if (size == 0) return std::nullopt;
    const void* end = std::memchr(at(address), 0, size);
    if (end != nullptr) {
      out.append(at(address), static_cast<const char*>(end));
      if (out.size() <= limit) return out;
      break;
    }
    out.append(at(address), size);
    address += size;
  }
  error_ = E2BIG;
  return std::nullopt;
}

std::optional<uint64_t> TreeMemory::pointer(uint64_t address, unsigned bytes) {
  uint64_t out = 0;
  for (unsigned i = 0; i < bytes; ++i) {  // it may lie across two pages
    if (fetch(address + i) == 0) return std::nullopt;
    out |= uint64_t{static_cast<unsigned char>(*at(address + i))} << (8U * i);
  }
  return out;
}

std::optional<ProcessNumbers> numbers_of(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const host::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char buffer[1024];
  const ssize_t size = file.get() < 0 ? -1 : read(file.get(), buffer, sizeof buffer);
  if (size <= 0) return std::nullopt;
  const std::string_view line(buffer, static_cast<size_t>(size));
  const size_t name_end = line.rfind(')');  // a program may be called anything
  if (name_end == std::string_view::npos) return std::nullopt;
  const std::vector<std::string> fields = words_in(line.substr(name_end + 1));
  constexpr size_t kParent = 1;  // proc(5): field 4, and the state (3) is the first here
  constexpr size_t kStart = 19;  // field 22
  if (fields.size() <= kStart) return std::nullopt;
  return ProcessNumbers{static_cast<pid_t>(std::strtol(fields[kParent].c_str(), nullptr, 10)),
                        fields[kStart]};
}

namespace {

// linux/pidfd.h of Debian 12 is older.
constexpr unsigned kOneThread = O_EXCL;  ///< PIDFD_THREAD, Linux 6.9
struct PidfdInfo {                       ///< of PIDFD_GET_INFO, Linux 6.13
  uint64_t mask = 1;                     ///< PIDFD_INFO_PID
  uint64_t cgroup = 0;
  uint32_t pid = 0, tgid = 0, ppid = 0;
  uint32_t rest[9] = {};
};
static_assert(sizeof(PidfdInfo) == 64);
constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, PidfdInfo);

/// Without /proc, which would make two inodes and throw them away with the process.
std::optional<Relatives> relatives_by_descriptor(pid_t thread) {
  static std::atomic<bool> works = true;
  if (!works) return std::nullopt;
  const host::Descriptor fd(static_cast<int>(syscall(SYS_pidfd_open, thread, kOneThread)));
  PidfdInfo info;
  if (fd.get() >= 0 && ioctl(fd.get(), kGetInfo, &info) == 0)
    return Relatives{static_cast<pid_t>(info.tgid), static_cast<pid_t>(info.ppid)};
  if (errno == EINVAL || errno == ENOTTY) works = false;  // an older kernel
  return std::nullopt;
}

pid_t process_of(pid_t thread) {
  if (syscall(SYS_tgkill, thread, thread, 0) == 0) return thread;  // it is the first of its process
  const auto status = host::read_file("/proc/" + std::to_string(thread) + "/status", 65536);
  if (!status) return thread;
  constexpr std::string_view kField = "\nTgid:";
  const size_t at = status->find(kField);
  if (at == std::string::npos) return thread;
  const long pid = std::strtol(status->c_str() + at + kField.size(), nullptr, 10);
  return pid > 0 ? static_cast<pid_t>(pid) : thread;
}

}  // namespace

Relatives relatives_of(pid_t thread) {
  if (const auto known = relatives_by_descriptor(thread)) return *known;
  Relatives out{process_of(thread), 0};
  if (const auto numbers = numbers_of(out.process)) out.parent = numbers->parent;
  return out;
}

std::string link_of(pid_t pid, const std::string& name) {
  const std::string path = "/proc/" + std::to_string(pid) + "/" + name;
  char buffer[PATH_MAX];
  const ssize_t size = readlink(path.c_str(), buffer, sizeof buffer);
  return size <= 0 ? std::string() : std::string(buffer, static_cast<size_t>(size));
}

}  // namespace cmdai::exec_guard
