#pragma once
// One event in a segment of the spool: magic, length of the line, number, local number, MAC, the line, and a
// checksum over all of it keyed with the chain. Integers are little-endian.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/hashing.hpp"

namespace cmdai::device {

struct SpoolRecord {
  uint64_t seq = 0;
  uint64_t local = 0;  ///< up to which number of the local event log everything is told with it
  wire::Mac mac;
  std::string line;
};

std::string write_record(const SpoolRecord& record, const wire::ChainId& chain);
size_t record_size(const SpoolRecord& record);

std::string segment_header(const wire::ChainId& chain, uint64_t first);

struct ReadRecord {
  SpoolRecord record;
  wire::Digest hash;  ///< of the line
  size_t offset = 0;  ///< in the segment
};

/// All that can be read of a segment, and what cannot.
struct SegmentContent {
  std::vector<ReadRecord> records;
  size_t good = 0;       ///< end of the last whole record (or of the header)
  bool header = false;   ///< the first line is as it should be
  bool tail = false;     ///< behind `good` there is something that is no record
  bool damaged = false;  ///< something that is no record stands before a whole record
};
SegmentContent read_segment(std::string_view bytes, const wire::ChainId& chain, uint64_t first);

}  // namespace cmdai::device
