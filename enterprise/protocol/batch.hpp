#pragma once
// A batch: a signed header line, its signature, and for each event its MAC and its line. The header's `head`
// is the hash of the last event, and each event has the hash of the one before: one signature covers all.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/event_line.hpp"
#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

inline constexpr size_t kMaxBatch = size_t{2} << 20;  ///< unpacked
inline constexpr size_t kMaxBatchEvents = 1024;
inline constexpr size_t kUsualBatchEvents = 256;
inline constexpr size_t kUsualBatch = size_t{256} << 10;
inline constexpr size_t kBacklogBatch = size_t{1} << 20;

struct BatchHeader {
  DeviceId device;
  ChainId chain;
  BootId boot;
  Digest after;  ///< hash of the event before `first`, zeros before event 1
  uint64_t first = 1;
  uint64_t count = 0;
  uint64_t last = 0;
  Digest head;  ///< hash of event `last`
  Millis time = 0;
  bool insist = false;  ///< nothing older is left on the device
};

/// An event as it is kept in a spool and sent: the MAC was made when its key was.
struct MacLine {
  Mac mac;
  std::string_view line;  ///< borrowed
};

/// The unpacked text. `first`, `count`, `last` and `head` are read off the events; the rest of `header` is
/// taken as it is. malformed: an event without a head, none at all; too-long: over the limits.
Result<std::string> build_batch(BatchHeader header, std::span<const MacLine> events, const SigningKey& key);

/// Everything borrowed from the bytes that were read.
struct BatchView {
  BatchHeader header;
  std::string_view header_line;  ///< as signed, without its newline
  Signature signature;
  std::vector<MacLine> events;
};
/// The form only: limits, header members, as many lines as `count`. Signature, chain and MACs: check_batch.
Result<BatchView> read_batch(std::string_view unpacked);

/// Signature of the header by the device's key.
bool verify_header(const BatchView& batch, const PublicKey& key);

inline constexpr std::string_view kBatchContentType = "application/x-cmdai-batch";

}  // namespace cmdai::wire
