#pragma once
// What can be seen of a process of the guarded tree while it waits for its exec. Every read is bounded; what
// a read gives is only worth something if the notification is still valid afterwards (the number may belong
// to another process by then).
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "shell-hooks/exec-guard/exec_filter.hpp"

struct seccomp_data;

namespace cmdai::exec_guard {

/// Reads of one process' memory, a page at a time: words of one command line lie together.
class TreeMemory {
 public:
  explicit TreeMemory(pid_t pid) : pid_(pid) {}
  /// A NUL-terminated text; nullopt: it cannot be read, or has more than `limit` bytes.
  std::optional<std::string> text(uint64_t address, size_t limit);
  /// A pointer of 4 or 8 bytes.
  std::optional<uint64_t> pointer(uint64_t address, unsigned bytes);
  /// What the last read that failed said: EPERM for a program that hides its memory.
  int error() const { return error_; }

 private:
  /// How many bytes from `address` on are at hand, in `page_`; 0: none can be read.
  size_t fetch(uint64_t address);
  const char* at(uint64_t address) const { return page_ + (address - begin_); }

  pid_t pid_;
  int error_ = 0;
  uint64_t begin_ = 0, end_ = 0;  ///< of what page_ holds
  char page_[4096];
};

struct ProcessNumbers {
  pid_t parent = 0;
  std::string birth;  ///< as host::process_birth says it
};
/// nullopt: it is gone.
std::optional<ProcessNumbers> numbers_of(pid_t pid);
struct Relatives {
  pid_t process = 0;  ///< the thread belongs to
  pid_t parent = 0;   ///< of the process; 0: not known
};
Relatives relatives_of(pid_t thread);
/// Where a link of /proc/PID points: `cwd`, `exe`, `fd/3`. Empty: nobody may know.
std::string link_of(pid_t pid, const std::string& name);

}  // namespace cmdai::exec_guard
