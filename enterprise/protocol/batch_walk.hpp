#pragma once
// A batch by itself, without knowing what came before it: inside this room only.
#include <vector>

#include "enterprise/protocol/batch_check.hpp"

namespace cmdai::wire {

struct FoundGap {
  size_t index = 0;  ///< of the event that declares it
  Gap gap;
};

/// Every event with its hash, and what they declare as left out.
struct Walked {
  std::vector<CheckedEvent> events;
  std::vector<FoundGap> gaps;
};

Broken broken(uint64_t seq, Reason reason, std::string text);

/// Follows the chain through the batch: numbers, `prev`, the chain's id, `last` and `head`. No signature, no
/// MAC.
tl::expected<Walked, Broken> walk_batch(const BatchView& batch);

}  // namespace cmdai::wire
