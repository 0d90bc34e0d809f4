#pragma once
// events.head: what the log's end should be, and the lock that writers and verifiers share. One line, `SEQ
// FIRST HASH`.
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "libcore/audit/event.hpp"

namespace cmdai::host {

struct LogHead {
  audit::ChainHead head;  ///< of the newest line
  uint64_t first = 1;     ///< number of the oldest line that is kept
};

/// events.jsonl, events.1.jsonl … by age.
std::string numbered_log(const std::string& path, uint32_t number);
std::string head_path(const std::string& path);

/// nullopt: unreadable or not of our making.
std::optional<LogHead> read_log_head(int fd);
/// `before`: the size of the file, where it is known; a longer one is cut off.
void write_log_head(int fd, const LogHead& head, off_t before);

/// flock(2) for as long as it lives. Waits `at_most`: on a machine under load whoever holds it may not come
/// to run for a while; whoever holds it longer is broken, and nobody must hang on that.
class HeadLock {
 public:
  HeadLock(int fd, int operation, std::chrono::milliseconds at_most);
  ~HeadLock();
  HeadLock(const HeadLock&) = delete;
  HeadLock& operator=(const HeadLock&) = delete;
  /// False: somebody else holds it still, or it cannot be locked.
  bool held() const { return fd_ >= 0; }

 private:
  int fd_;
};

}  // namespace cmdai::host
