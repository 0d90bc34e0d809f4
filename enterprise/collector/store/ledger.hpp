#pragma once
// The ledger: every batch as it was received, in the order it was stored, and where each chain stands. It is
// the record; the index beside it (index.hpp) can be made from it again.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/base/result.hpp"
#include "enterprise/collector/store/alarms.hpp"

namespace cmdai::collector {

/// A batch that is stored. `position` counts from 1 without a gap over all batches of the collector; position
/// - 1 is its leaf in the Merkle tree.
struct LedgerBatch {
  std::uint64_t position = 0;
  std::string device, chain;                     // hex
  std::uint64_t first = 0, count = 0, last = 0;  // as its header says
  std::uint64_t fresh = 0;  // its first event that was new: the part before was there already
  std::string head;         // H of the last event, hex
  std::string boot;
  Time received = 0;
  bool trusted = true;  // false: its device was revoked when it came
  std::string group;    // the device's first group then
  std::string bytes;    // unpacked, exactly as they were signed
  std::string packed;   // to commit(): the same as zstd where they came so; from the store: empty
};

/// Where a chain stands. `ratchet` is K_next: 32 bytes, a secret.
struct ChainState {
  std::string device, chain;
  std::uint64_t next = 1;
  std::string head;  // 64 zeros before the first event
  std::string ratchet;
  std::string boot;         // of the last batch
  Time updated = 0;         // when the last batch came
  std::int64_t offset = 0;  // ours minus the device's clock, of the last batch, ms
  std::uint64_t gaps = 0;   // declared and undeclared ones so far
};

/// A batch that was refused but is evidence: a fork, a bad signature.
struct ApartBatch {
  std::string device, chain;
  std::uint64_t first = 0;
  Time received = 0;
  std::string reason;  // fork, tamper
  std::string bytes;
};

/// A node of the Merkle tree: level 0 are leaves, each 32 bytes.
struct TreeNode {
  std::uint32_t level = 0;
  std::uint64_t index = 0;
  std::string hash;
};

/// What one accepted or refused batch changes; all of it counts, or nothing.
struct LedgerWrite {
  std::optional<LedgerBatch> batch;
  std::optional<ChainState> chain;
  std::optional<ApartBatch> apart;
  std::vector<TreeNode> nodes;
  std::vector<Alarm> alarms;
};

/// Thread-safe. One writer at a time may call commit(); it is the caller who counts positions.
class Ledger {
 public:
  virtual ~Ledger() = default;

  /// All of them durable when this returns, in one transaction; on failure none is. conflict: a position or a
  /// (device, chain, fresh) is there already.
  virtual Done commit(std::span<const LedgerWrite> writes) = 0;

  virtual Result<std::uint64_t> last_position() = 0;
  /// Batches after a position, oldest first; at most `limit`, and no more once `max_bytes` are reached.
  virtual Result<std::vector<LedgerBatch>> read(std::uint64_t after, std::size_t limit,
                                                std::size_t max_bytes) = 0;
  virtual Result<std::optional<LedgerBatch>> at(std::uint64_t position) = 0;
  /// The batches of a chain whose new part holds a number between first and last, in their order; at most
  /// `limit`.
  virtual Result<std::vector<LedgerBatch>> covering(const std::string& device, const std::string& chain,
                                                    std::uint64_t first, std::uint64_t last,
                                                    std::size_t limit) = 0;

  virtual Result<std::optional<ChainState>> chain(const std::string& device, const std::string& chain) = 0;
  /// All chains of a device, or of every device where it is empty.
  virtual Result<std::vector<ChainState>> chains(const std::string& device) = 0;
  virtual Result<std::vector<ApartBatch>> apart(const std::string& device, std::size_t limit) = 0;

  /// The tree's node, or nothing where it is not complete yet.
  virtual Result<std::optional<std::string>> node(std::uint32_t level, std::uint64_t index) = 0;
};

}  // namespace cmdai::collector
