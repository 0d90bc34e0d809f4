#include "enterprise/collector/service/policy_desk.hpp"

#include <fmt/format.h>

#include "enterprise/collector/base/log.hpp"
#include "enterprise/protocol/envelope.hpp"

namespace cmdai::collector {

std::shared_ptr<const PolicyDesk::Served> PolicyDesk::served() const {
  const std::scoped_lock lock(mutex_);
  return served_;
}

std::optional<std::string> PolicyDesk::root(std::uint64_t version) const {
  if (version == 0 || version > keyring_.roots.size()) return std::nullopt;
  return keyring_.roots[version - 1];
}

Done PolicyDesk::open() {
  const std::scoped_lock change(change_);
  for (std::uint64_t version = 1; version <= keyring_.roots.size(); ++version)
    if (auto put = store_.documents().put({"root", version, clock_(), keyring_.roots[version - 1]}); !put)
      return put;
  const auto policy = store_.documents().latest("policy");
  if (!policy) return tl::unexpected(policy.error());
  const auto timestamp = store_.documents().latest("timestamp");
  if (!timestamp) return tl::unexpected(timestamp.error());
  auto now = std::make_shared<Served>();
  if (const std::optional<Document>& stored = *policy) {
    now->policy = stored->envelope;
    now->policy_version = stored->version;
  }
  if (const std::optional<Document>& stored = *timestamp) now->timestamp_version = stored->version;
  {
    const std::scoped_lock lock(mutex_);
    served_ = now;
  }
  return renew_locked();
}

Result<std::uint64_t> PolicyDesk::publish(const std::string& envelope) {
  const auto read = wire::read_envelope(envelope);
  if (!read) return failed(Problem::invalid, read.error().text);
  if (auto good =
          wire::check_signatures(*read, wire::Document::policy, keyring_.root.signers(wire::Role::policy));
      !good)
    return failed(Problem::invalid, good.error().text);
  const auto policy = wire::read_policy(read->payload);
  if (!policy) return failed(Problem::invalid, policy.error().text);
  if (policy->expires <= clock_()) return failed(Problem::invalid, "the policy has run out");
  const std::scoped_lock change(change_);
  const std::uint64_t last = served()->policy_version;
  if (policy->version == last && served()->policy == envelope) return last;  // the answer was lost
  if (policy->version <= last)
    return failed(Problem::conflict,
                  fmt::format("version {} is not above {}, which is in force", policy->version, last));
  if (auto put = store_.documents().put({"policy", policy->version, clock_(), envelope}); !put)
    return tl::unexpected(put.error());
  auto now = std::make_shared<Served>(*served());
  now->policy = envelope;
  now->policy_version = policy->version;
  {
    const std::scoped_lock lock(mutex_);
    served_ = now;
  }
  if (auto renewed = renew_locked(); !renewed) return tl::unexpected(renewed.error());
  log(Level::info, "policy.published", {{"version", std::to_string(policy->version)}});
  return policy->version;
}

Done PolicyDesk::renew() {
  const std::scoped_lock change(change_);
  return renew_locked();
}

Done PolicyDesk::renew_if_old() {
  if (clock_() - served()->renewed < 12 * kHour) return {};
  return renew();
}

Done PolicyDesk::renew_locked() {
  auto now = std::make_shared<Served>(*served());
  wire::Timestamp timestamp;
  timestamp.version = now->timestamp_version + 1;
  timestamp.time = clock_();
  timestamp.expires = timestamp.time + kDay;
  timestamp.root = keyring_.root.version;
  if (now->policy_version != 0) timestamp.policy = wire::point_to(now->policy_version, now->policy);
  const auto revoked = store_.devices().revoked();
  if (!revoked) return tl::unexpected(revoked.error());
  for (const std::string& id : *revoked)
    if (const auto device = wire::DeviceId::from_hex(id)) timestamp.revoked.push_back(*device);
  const wire::SigningKey* const keys[] = {&keyring_.timestamp};
  now->timestamp = wire::write(wire::sign_envelope(wire::Document::timestamp, wire::write(timestamp), keys));
  now->timestamp_version = timestamp.version;
  now->renewed = timestamp.time;
  if (auto put = store_.documents().put({"timestamp", timestamp.version, timestamp.time, now->timestamp});
      !put)
    return put;
  const std::scoped_lock lock(mutex_);
  served_ = now;
  return {};
}

}  // namespace cmdai::collector
