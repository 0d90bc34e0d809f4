#pragma once
// Accepting a policy (docs/collector-protocol.md) as a pure state machine: state and bytes in, a new state or
// the word of the refusal out. Nothing is activated here: the caller compiles the texts, makes the new state
// durable (write, fsync, rename), and only then lets the policy count. After a refusal the old state and the
// old policy stay in force.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/roles.hpp"

namespace cmdai::wire {

struct TrustState {
  Root root;                            ///< in force
  uint64_t timestamp_version = 0;       ///< of the last one accepted
  std::optional<PolicyPointer> policy;  ///< the last one accepted
  Millis newest_time = 0;               ///< that a signed answer or timestamp told
  std::vector<DeviceId> revoked;        ///< of the last timestamp
  Millis timestamp_expires = 0;         ///< of the last timestamp; 0 before the first

  /// The later of the clock and what was signed: a clock set back revives nothing.
  Millis now(Millis clock) const { return clock > newest_time ? clock : newest_time; }
  bool operator==(const TrustState&) const = default;
};

/// With a check line: a file that was damaged is refused, not half believed.
std::string write(const TrustState& state);
Result<TrustState> read_trust_state(std::string_view bytes);

/// The root that provisioning brought: any version, signed by its own threshold, not expired. That these are
/// the right bytes is what provisioning vouches for.
Result<TrustState> trust_first_root(std::string_view envelope, Millis clock);

/// One step: version + 1, signed by the threshold of ours and of its own, same tenant. It may have run out (a
/// step to a newer one). Where it changes the keys of `timestamp` or `policy`, what the old keys said last no
/// longer counts: that is how one gets out of a stolen key that signed version 2^53 - 1 or the year 3000.
Result<TrustState> accept_root(const TrustState& state, std::string_view envelope);
/// After the last step: the root in force must not have run out (`expired`).
Result<void> check_root_in_time(const TrustState& state, Millis clock);

struct AcceptedTimestamp {
  TrustState state;
  Timestamp timestamp;
};
/// Calls for check_root_in_time first. rollback, freeze, root-skipped (it knows a root we were not shown).
Result<AcceptedTimestamp> accept_timestamp(const TrustState& state, std::string_view envelope, Millis clock);

struct AcceptedPolicy {
  TrustState state;
  Policy policy;
};
/// `timestamp` as accept_timestamp gave it, with its state. `daemon` is our version.
Result<AcceptedPolicy> accept_policy(const AcceptedTimestamp& timestamp, std::string_view envelope,
                                     std::string_view daemon, Millis clock);

/// What was fetched in one go. No policy: the timestamp named none, or the one we have (accepted again from
/// the cache).
struct PolicySet {
  std::vector<std::string> roots;  ///< in force + 1, + 2 …
  std::string timestamp;
  std::string policy;  ///< envelope; empty if the timestamp names none
};
struct AcceptedSet {
  TrustState state;
  std::optional<Policy> policy;
};
/// All steps. All or nothing: a refusal anywhere leaves the state as it was, but `roots_accepted` may be kept
/// (accept_root).
Result<AcceptedSet> accept_set(const TrustState& state, const PolicySet& set, std::string_view daemon,
                               Millis clock);

/// A signed answer told this time: later counts, earlier does not.
void note_time(TrustState& state, Millis time);

/// Ran out while in force: `policy.stale`, the rules go on, and on_stale says what else.
bool is_stale(const TrustState& state, const Policy& policy, Millis clock);

/// -1, 0, 1; nullopt if one of them is no `MAJOR.MINOR.PATCH`.
std::optional<int> compare_versions(std::string_view a, std::string_view b);

}  // namespace cmdai::wire
