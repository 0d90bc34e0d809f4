#pragma once
// The local record: events.jsonl, hash-chained (libcore/audit), 0600, rotated. docs/audit-format.md is the
// manual.
//
// A line is in the kernel before append() returns, so it survives the daemon; sync() puts it on the disk,
// which the daemon does each second, on rotation and at its end. events.head beside it holds the last number
// and hash, so that lines cut off at the end are noticed, too; writers lock it for each line.
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/host/files.hpp"
#include "daemon/host/log_head.hpp"
#include "libcore/audit/event.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::host {

struct LogLimits {
  uint64_t file_bytes = uint64_t{8} << 20U;
  uint32_t files = 8;  ///< events.jsonl and events.1.jsonl … events.7.jsonl
  /// For the lock that writers and verifiers share. A verdict waits for it.
  std::chrono::milliseconds lock_wait{400};
};

/// Descriptors of the log's files that are nobody else's. Any thread.
class Unsynced {
 public:
  Unsynced(int file, int head);
  /// No: there were no descriptors to be had.
  bool whole() const { return file_.get() >= 0; }
  void put_on_disk() const;

 private:
  Descriptor file_, head_;
};

class EventLog {
 public:
  /// `path`: …/events.jsonl. Nothing is opened yet.
  explicit EventLog(std::string path, LogLimits limits = {});
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Appends one event; opens and repairs what a crash left, and rotates, as needed. On error nothing of the
  /// event is in the file and the chain is as before: the next call tries again.
  Result<void> append(const audit::Event& event);
  /// The two halves of it, for who has somebody waiting for the line: it is in the file once write() returns.
  /// settle() brings events.head up to it, and gives its lock back. One line at most is ahead of the head.
  Result<void> write(const audit::Event& event);
  void settle();
  void sync();
  /// What sync() would put on the disk, for another thread to do it with put_on_disk(): a disk may take its
  /// time. It counts as done. Empty: nothing new.
  std::vector<std::shared_ptr<const Unsynced>> take_unsynced();

  /// Why the last append failed, or what is wrong though it did not (it cannot rotate); else empty.
  const std::string& error() const { return error_; }
  uint64_t lost() const { return lost_; }  ///< events that could not be written
  const std::string& path() const { return path_; }
  const audit::ChainHead& head() const { return head_; }  ///< the newest line, once one was written
  /// The line append() wrote last.
  const std::string& last_line() const { return last_line_; }

 private:
  Result<void> open();
  void open_head();
  Result<void> prepare();
  Result<void> resume();
  Result<void> append_locked(const audit::Event& event);
  Result<void> write_line(const std::string& line);
  void note_oldest();
  void rotate();
  Result<void> failed(Result<void> why);
  Result<void> lock();
  void take_lock();
  void write_head();

  std::string path_;
  LogLimits limits_;
  Descriptor file_, head_file_;
  off_t head_size_ = 0;  ///< when it was locked
  ino_t inode_ = 0;      ///< of the file that is open
  dev_t device_ = 0;
  uint64_t size_ = 0;
  uint64_t rotate_at_ = 0;
  uint64_t first_ = 1;  ///< number of the oldest line that is kept
  audit::ChainHead head_;
  std::string error_, warning_;
  uint64_t lost_ = 0;
  std::string last_line_;
  bool dirty_ = false;
  std::vector<std::shared_ptr<const Unsynced>> rotated_;  ///< not on the disk yet
  std::optional<HeadLock> lock_;                          ///< from write() to settle()
  std::chrono::steady_clock::time_point stuck_until_;     ///< the lock is not waited for
  bool head_behind_ = false;                              ///< by the line written last
};

/// The files of a log, oldest first; those that exist.
std::vector<std::string> log_files(const std::string& path, uint32_t files = LogLimits{}.files);

struct LogProblem {
  std::string file;
  uint64_t line = 0;  ///< 0: about the file as a whole
  std::string message;
};
struct LogReport {
  uint64_t events = 0;
  std::vector<LogProblem> problems;
};
/// Re-checks every line of every file and the head. Reads only.
LogReport verify_log(const std::string& path, uint32_t files = LogLimits{}.files);

/// Calls `take` for every line, oldest first, without its newline.
void for_each_line(const std::string& file, const std::function<void(std::string_view)>& take);

}  // namespace cmdai::host
