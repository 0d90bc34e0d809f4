#pragma once
// Keys of events: K_1 = k0, K_{i+1} = KDF(K_i, "cmdai-evolve-v1"). Only forward; a key that was stepped over
// is wiped.
#include <cstdint>

#include "enterprise/protocol/bytes.hpp"
#include "enterprise/protocol/hashing.hpp"

namespace cmdai::wire {

/// The furthest a ratchet steps for one batch, so that a claimed gap costs bounded time (well under a
/// second).
inline constexpr uint64_t kMaxSkip = uint64_t{1} << 20;

class Ratchet {
 public:
  /// `key` is K_seq. For a new chain: k0 and 1.
  Ratchet(Key32 key, uint64_t seq) : key_(std::move(key)), seq_(seq) {}
  Ratchet clone() const { return {key_.clone(), seq_}; }

  uint64_t seq() const { return seq_; }
  /// K_seq, to be stored.
  const Key32& key() const { return key_; }
  /// MAC of event `seq` with hash `h`; does not step.
  Mac mac(const Digest& h) const;
  /// To K_{seq+1}; K_seq is gone.
  void step();
  /// To K_to by as many steps as it takes. False and unchanged: backwards, or more than kMaxSkip.
  bool skip_to(uint64_t to);

 private:
  Key32 key_;
  uint64_t seq_;
};

}  // namespace cmdai::wire
