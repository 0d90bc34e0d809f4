#pragma once
// Events that no receipt covers yet, in segment files `spool-FIRST` of about a MiB: only ever appended to,
// and removed as a whole below a receipt. Not thread-safe; who shares it locks.
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enterprise/plugin/chain_place.hpp"
#include "enterprise/plugin/disk.hpp"
#include "enterprise/plugin/spool_record.hpp"

namespace cmdai::device {

/// Numbers that should be in the spool and are not, or are not what the chain says. from 0: no number is
/// lost.
struct SpoolDamage {
  uint64_t from = 0, to = 0;
  std::string what;
};

class Spool {
 public:
  struct Limits {
    uint64_t cap = uint64_t{256} << 20U;
    uint64_t segment = uint64_t{1} << 20U;
  };
  /// What was found when it was opened.
  struct Found {
    ChainPlace end;      ///< of the last whole record, or `below` where there is none
    uint64_t local = 0;  ///< of the last whole record
    bool torn = false;   ///< a part of a record at the very end was cut off
    std::vector<SpoolDamage> damage;
  };

  /// `below`: what the last receipt covers. Names, reads and checks all segments; everything it keeps is on
  /// the disk when it returns. Bytes that are no records are cut off, or dropped with their segment
  /// rewritten, only by mend(), so that what is found can be told first.
  static Result<std::unique_ptr<Spool>> open(Disk& disk, const wire::ChainId& chain, Limits limits,
                                             ChainPlace below);
  const Found& found() const { return found_; }
  Result<void> mend();
  /// Only what was torn at the very end, before anything is appended: later it would look like damage.
  Result<void> cut_torn();

  /// Below the cap; `urgent` may go a little beyond it.
  bool has_room(size_t size, bool urgent) const;
  /// Kind::full: no room on the disk. After any error the spool has to be opened again.
  Result<void> append(const SpoolRecord& record);
  /// All that was appended is on the disk.
  Result<void> sync();

  /// Events from number `from` on (or the first behind it), without a hole between them, one at least where
  /// there is one: at most `events`, and not more than `bytes` of lines unless the first alone is longer.
  /// None above `durable()`.
  Result<std::vector<ReadRecord>> read(uint64_t from, size_t events, size_t bytes);
  /// Removes the segments that hold nothing from number `next` on. The newest stays.
  Result<void> forget(uint64_t next);

  uint64_t bytes() const { return bytes_; }
  const Limits& limits() const { return limits_; }
  void set_cap(uint64_t cap) { limits_.cap = cap; }
  uint64_t durable() const { return durable_; }  ///< last number that is on the disk
  uint64_t last() const { return last_; }
  uint64_t oldest() const;  ///< first number in it, 0: none

 private:
  struct Segment {
    std::string name;
    uint64_t first = 0, last = 0;  ///< last 0: no record in it
    uint64_t size = 0;
    bool to_mend = false;
  };
  Spool(Disk& disk, const wire::ChainId& chain, Limits limits)
      : disk_(disk), chain_(chain), limits_(limits) {}
  Result<void> scan(ChainPlace below);
  void judge(const SegmentContent& content, const Segment& segment, bool newest, ChainPlace below);
  void damaged(uint64_t from, uint64_t to, std::string what);
  Result<void> mend_one(Segment& segment);
  Result<void> begin_segment(uint64_t first);

  Disk& disk_;
  wire::ChainId chain_;
  Limits limits_;
  Found found_;
  std::deque<Segment> segments_;
  std::unique_ptr<DiskFile> active_;
  uint64_t bytes_ = 0, durable_ = 0, last_ = 0;
  std::string cached_name_;  ///< the segment that was read last, while it may not change any more
  std::shared_ptr<const SegmentContent> cached_;
};

}  // namespace cmdai::device
