#pragma once
// What a collector finds when a batch comes in: the table "the collector finds / it answers" of
// docs/collector-protocol.md as one pure function. Nothing is stored here; the caller stores and keeps `next`
// in one transaction.
#include <cstdint>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/ratchet.hpp"

namespace cmdai::wire {

/// A chain as the collector knows it.
struct ChainState {
  uint64_t next = 1;
  Digest head;                 ///< hash of event next - 1; zeros before event 1
  Ratchet ratchet;             ///< at `next`
  std::optional<BootId> boot;  ///< of the last batch

  /// A chain that was just enrolled.
  static ChainState begin(Key32 k0) { return {1, {}, Ratchet(std::move(k0), 1), std::nullopt}; }
  ChainState clone() const { return {next, head, ratchet.clone(), boot}; }
};

/// Hash of an event that is stored already; nullopt: not stored (never was, or left out by a gap). Asked for
/// numbers below `next` only.
using StoredHash = std::function<std::optional<Digest>(uint64_t seq)>;

/// An event of the new part.
struct CheckedEvent {
  uint64_t seq = 0;
  Digest hash;
  size_t index = 0;  ///< in BatchView::events
};

struct DeclaredGap {
  Gap gap;
  bool same_boot = false;  ///< no new boot since the batch before: the alarm is high
};

/// Store events[…] and answer 200 with the new state's next and head.
struct Stored {
  ChainState state;
  std::vector<CheckedEvent>
      events;  ///< the new part; the events before it in the batch are duplicates with the same hashes
  std::vector<DeclaredGap> declared;
  /// The device insisted on going on without these: alarm `gap` (critical). from .. to.
  std::optional<std::pair<uint64_t, uint64_t>> lost;
};
/// All of it was there with the same hashes: 200 with the numbers that hold now.
struct Duplicate {};
/// 409 `resume`.
struct Resume {
  uint64_t next = 1;
  Digest head;
};
/// 409 `fork`, alarm: `seq` is there with another hash. Keep the batch apart.
struct Fork {
  uint64_t seq = 0;
};
/// 422 `chain`, alarm `tamper`: `refusal` says what; `seq` is the event where it broke, or 0 for the header.
struct Broken {
  uint64_t seq = 0;
  Refusal refusal;
};
using BatchFinding = std::variant<Stored, Duplicate, Resume, Fork, Broken>;

/// `batch.header.device` and `.chain` are compared with these: a batch for another is Broken
/// (content-mismatch).
struct BatchOwner {
  DeviceId device;
  ChainId chain;
  PublicKey key;
};

BatchFinding check_batch(const BatchView& batch, const BatchOwner& owner, const ChainState& state,
                         const StoredHash& stored);

}  // namespace cmdai::wire
