#pragma once
// A checkpoint of the collector's log as a signed note (C2SP signed-note and tlog-checkpoint, Ed25519 keys).
#include <span>
#include <string>
#include <string_view>

#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

inline constexpr size_t kMaxCheckpoint = 4 << 10;

struct Checkpoint {
  std::string origin;  ///< `cmdai/TENANT/COLLECTOR` (Root::origin)
  uint64_t size = 0;
  TreeHash root;
  bool operator==(const Checkpoint&) const = default;
};

std::string sign_checkpoint(const SigningKey& collector, const Checkpoint& checkpoint);
/// Signed by one of the keys under `origin`; signatures of others (witnesses) are passed over.
Result<Checkpoint> read_checkpoint(std::string_view note, std::string_view origin,
                                   std::span<const PublicKey> collector);

}  // namespace cmdai::wire
