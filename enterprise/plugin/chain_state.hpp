#pragma once
// The file `chain`: which numbers may have been used, and the first key that was not. Written before a number
// counts, so that no number and no key is ever used twice (docs/collector-protocol.md, Events).
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "enterprise/plugin/chain_place.hpp"
#include "enterprise/plugin/disk.hpp"
#include "enterprise/protocol/bytes.hpp"

namespace cmdai::device {

inline constexpr uint64_t kReserved = 16;

struct ChainState {
  wire::ChainId chain;
  uint64_t reserved = 1;  ///< all numbers below may have been used
  wire::Key32 key;        ///< of number `reserved`
  /// The plugin ended in order: `head` is the hash of event reserved - 1, and the spool ends there.
  bool clean = false;
  wire::Digest head;
  uint64_t local = 0;  ///< all of the local event log up to here is told in events that are durable
  /// Numbers that an event has declared as lost, and that no receipt covers yet.
  std::vector<std::pair<uint64_t, uint64_t>> declared;
};

/// The bytes of the file's body, and back; the caller wipes them.
std::string write(const ChainState& state);
Result<ChainState> read_chain_state(std::string_view body);

Result<void> store_chain(Disk& disk, const ChainState& state);
/// Kind::missing: not enrolled. Kind::damaged: nothing of it may be used, this device has to enroll again.
Result<ChainState> load_chain(Disk& disk);

}  // namespace cmdai::device
