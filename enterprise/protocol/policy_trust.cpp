#include "enterprise/protocol/policy_trust.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>

#include "enterprise/protocol/hashing.hpp"

namespace cmdai::wire {
namespace {

tl::unexpected<Refusal> pass_on(const Refusal& refusal) { return tl::unexpected<Refusal>(refusal); }

bool same_holders(const RoleKeys& a, const RoleKeys& b) {
  return a.keys.size() == b.keys.size() && std::ranges::is_permutation(a.keys, b.keys);
}

/// The payload, if enough holders of the role signed it.
Result<std::string> signed_payload(std::string_view bytes, Document document, const Signers& signers) {
  auto envelope = read_envelope(bytes);
  if (!envelope) return pass_on(envelope.error());
  if (auto good = check_signatures(*envelope, document, signers); !good) return pass_on(good.error());
  return std::move(envelope->payload);
}

/// What the holders before said last does not bind once the root took the role from them.
void forget_what_old_holders_said(TrustState& state, const Root& before) {
  const auto changed = [&](Role r) { return !same_holders(before.role(r), state.root.role(r)); };
  if (changed(Role::timestamp)) state.timestamp_version = 0;
  if (changed(Role::policy)) state.policy.reset();
  if (changed(Role::timestamp) || changed(Role::collector))
    state.newest_time = std::min(state.newest_time, state.root.created);
}

Result<void> check_pointer(const TrustState& state, const std::optional<PolicyPointer>& named) {
  if (!state.policy) return {};
  if (!named || named->version < state.policy->version) {
    return refuse(Reason::rollback, "the timestamp names an older policy than ours");
  }
  if (named->version == state.policy->version && *named != *state.policy) {
    return refuse(Reason::content_mismatch, "the timestamp names another policy of the same version");
  }
  return {};
}

Result<void> check_policy(const Policy& policy, const PolicyPointer& named, std::string_view daemon,
                          Millis now) {
  if (policy.version != named.version)
    return refuse(Reason::content_mismatch, "the policy is not the version the timestamp names");
  if (policy.not_before > now) return refuse(Reason::not_yet_valid, "the policy is not valid yet");
  if (policy.expires <= now) return refuse(Reason::expired, "the policy ran out");
  const auto order = compare_versions(policy.min_daemon, daemon);
  if (!order || *order > 0)
    return refuse(Reason::too_new, fmt::format("the policy needs cmdai {}", policy.min_daemon));
  return {};
}

}  // namespace

Result<TrustState> trust_first_root(std::string_view envelope, Millis clock) {
  auto read = read_envelope(envelope);
  if (!read) return pass_on(read.error());
  auto root = read_root(read->payload);
  if (!root) return pass_on(root.error());
  if (auto good = check_signatures(*read, Document::root, root->signers(Role::root)); !good)
    return pass_on(good.error());
  TrustState state;
  state.root = std::move(*root);
  if (auto good = check_root_in_time(state, clock); !good) return pass_on(good.error());
  return state;
}

Result<TrustState> accept_root(const TrustState& state, std::string_view envelope) {
  auto read = read_envelope(envelope);
  if (!read) return pass_on(read.error());
  if (auto good = check_signatures(*read, Document::root, state.root.signers(Role::root)); !good)
    return pass_on(good.error());
  auto root = read_root(read->payload);
  if (!root) return pass_on(root.error());
  if (root->version <= state.root.version) return refuse(Reason::rollback, "the root is not newer than ours");
  if (root->version > state.root.version + 1)
    return refuse(Reason::root_skipped, "a root between ours and this one is missing");
  if (root->tenant != state.root.tenant)
    return refuse(Reason::content_mismatch, "the root is of another tenant");
  if (auto good = check_signatures(*read, Document::root, root->signers(Role::root)); !good)
    return pass_on(good.error());
  TrustState next = state;
  next.root = std::move(*root);
  forget_what_old_holders_said(next, state.root);
  return next;
}

Result<void> check_root_in_time(const TrustState& state, Millis clock) {
  if (state.root.expires > state.now(clock)) return {};
  return refuse(Reason::expired, fmt::format("root {} ran out", state.root.version));
}

Result<AcceptedTimestamp> accept_timestamp(const TrustState& state, std::string_view envelope, Millis clock) {
  if (auto good = check_root_in_time(state, clock); !good) return pass_on(good.error());
  const auto payload = signed_payload(envelope, Document::timestamp, state.root.signers(Role::timestamp));
  if (!payload) return pass_on(payload.error());
  auto timestamp = read_timestamp(*payload);
  if (!timestamp) return pass_on(timestamp.error());
  if (timestamp->version < state.timestamp_version)
    return refuse(Reason::rollback, "the timestamp is older than the last one");
  if (timestamp->expires <= state.now(clock)) return refuse(Reason::freeze, "the timestamp ran out");
  if (timestamp->root < state.root.version)
    return refuse(Reason::rollback, "the timestamp names an older root than ours");
  if (timestamp->root > state.root.version)
    return refuse(Reason::root_skipped, "the timestamp names a root we were not shown");
  if (auto good = check_pointer(state, timestamp->policy); !good) return pass_on(good.error());
  AcceptedTimestamp out{state, std::move(*timestamp)};
  out.state.timestamp_version = out.timestamp.version;
  out.state.timestamp_expires = out.timestamp.expires;
  out.state.revoked = out.timestamp.revoked;
  note_time(out.state, out.timestamp.time);
  return out;
}

Result<AcceptedPolicy> accept_policy(const AcceptedTimestamp& timestamp, std::string_view envelope,
                                     std::string_view daemon, Millis clock) {
  if (envelope.size() > kMaxEnvelope) return refuse(Reason::too_long, "the policy is over the limit");
  const auto& named = timestamp.timestamp.policy;
  if (!named) return refuse(Reason::content_mismatch, "the timestamp names no policy");
  if (point_to(named->version, envelope) != *named) {
    return refuse(Reason::content_mismatch, "the policy is not the one the timestamp names");
  }
  const auto payload = signed_payload(envelope, Document::policy, timestamp.state.root.signers(Role::policy));
  if (!payload) return pass_on(payload.error());
  auto policy = read_policy(*payload);
  if (!policy) return pass_on(policy.error());
  if (auto good = check_policy(*policy, *named, daemon, timestamp.state.now(clock)); !good)
    return pass_on(good.error());
  AcceptedPolicy out{timestamp.state, std::move(*policy)};
  out.state.policy = named;
  return out;
}

Result<AcceptedSet> accept_set(const TrustState& state, const PolicySet& set, std::string_view daemon,
                               Millis clock) {
  TrustState current = state;
  for (const std::string& root : set.roots) {
    auto next = accept_root(current, root);
    if (!next) return pass_on(next.error());
    current = std::move(*next);
  }
  auto timestamp = accept_timestamp(current, set.timestamp, clock);
  if (!timestamp) return pass_on(timestamp.error());
  const auto& named = timestamp->timestamp.policy;
  if (set.policy.empty() && (!named || named == current.policy))
    return AcceptedSet{std::move(timestamp->state), std::nullopt};
  auto policy = accept_policy(*timestamp, set.policy, daemon, clock);
  if (!policy) return pass_on(policy.error());
  return AcceptedSet{std::move(policy->state), std::move(policy->policy)};
}

void note_time(TrustState& state, Millis time) { state.newest_time = std::max(state.newest_time, time); }

bool is_stale(const TrustState& state, const Policy& policy, Millis clock) {
  const Millis now = state.now(clock);
  return policy.expires <= now || state.timestamp_expires <= now;
}

namespace {

/// Reads `N` and what ends it; false if there is no number or not this end.
bool take_number(std::string_view& text, char end, uint32_t& out) {
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || at == text.data()) return false;
  text.remove_prefix(static_cast<size_t>(at - text.data()));
  if (end == '\0') return text.empty();
  if (text.empty() || text.front() != end) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::array<uint32_t, 3>> parts(std::string_view text) {
  std::array<uint32_t, 3> out{};
  if (!take_number(text, '.', out[0]) || !take_number(text, '.', out[1]) || !take_number(text, '\0', out[2]))
    return std::nullopt;
  return out;
}

}  // namespace

std::optional<int> compare_versions(std::string_view a, std::string_view b) {
  const auto left = parts(a);
  const auto right = parts(b);
  if (!left || !right) return std::nullopt;
  if (*left == *right) return 0;
  return *left < *right ? -1 : 1;
}

}  // namespace cmdai::wire
