#pragma once
// Where a chain stands, and whether an event may come next.
#include <cstdint>
#include <string_view>

#include "enterprise/protocol/event_line.hpp"
#include "enterprise/protocol/hashing.hpp"

namespace cmdai::device {

/// The number of the last event, and its hash (0 and zeros: none yet).
struct ChainPlace {
  uint64_t seq = 0;
  wire::Digest hash;
  bool operator==(const ChainPlace&) const = default;
};

/// Whether `line` may stand behind `place`: the next number, or one after a gap that it declares itself.
bool follows(std::string_view line, const ChainPlace& place);

}  // namespace cmdai::device
