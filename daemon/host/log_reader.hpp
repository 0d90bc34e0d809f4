#pragma once
// Follows the event log by number, over all of its files, for who needs every line once: a line is read from
// the very bytes that were written. Reads only, and keeps its place when the log is rotated.
#include <sys/types.h>

#include <string>
#include <vector>

#include "daemon/host/files.hpp"

namespace cmdai::host {

class LogReader {
 public:
  struct Line {
    uint64_t seq = 0;
    std::string text;  ///< without its newline
  };

  /// Of the lines after `seq`. `path`: …/events.jsonl.
  LogReader(std::string path, uint64_t seq) : path_(std::move(path)), seq_(seq) {}

  /// The next lines, oldest first: `lines` at most, and no more once `bytes` are reached. None: there is none
  /// yet.
  std::vector<Line> next(size_t lines, size_t bytes);
  /// Of the line that was given last.
  uint64_t seq() const { return seq_; }
  /// From the lines after `seq` on.
  void restart(uint64_t seq);

 private:
  bool open();
  bool read_more();
  bool superseded() const;
  void take(std::vector<Line>& into, size_t lines, size_t& bytes);

  std::string path_;
  uint64_t seq_;
  Descriptor file_;
  ino_t inode_ = 0;
  dev_t device_ = 0;
  off_t offset_ = 0;    ///< of what stands behind `buffer_`
  std::string buffer_;  ///< read, and not given yet
};

/// The number of a line; 0: it has none.
uint64_t seq_of(std::string_view line);

}  // namespace cmdai::host
