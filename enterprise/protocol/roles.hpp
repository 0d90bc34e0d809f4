#pragma once
// The payloads of signed documents. Readers are strict about what they know (type, range, limits), ignore
// members they do not know, refuse duplicate members, and say `malformed` or `too-long`. They judge no
// signature and no time.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/bytes.hpp"
#include "enterprise/protocol/envelope.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

/// Who signs. `enrollment` signs device certificates; `collector` answers, receipts, commands and
/// checkpoints.
enum class Role : uint8_t { root, policy, timestamp, collector, enrollment };
inline constexpr size_t kRoles = 5;
std::string_view name(Role role);

/// Tenants, collectors and groups: `[a-z0-9][a-z0-9._-]{0,62}`.
bool is_name(std::string_view text);

struct RoleKeys {
  std::vector<KeyId> keys;  ///< no two alike, each in Root::keys
  uint32_t threshold = 1;   ///< 1 .. keys.size()
  bool operator==(const RoleKeys&) const = default;
};

struct Root {
  uint64_t version = 1;
  std::string tenant;
  std::string collector;
  Millis created = 0;
  Millis expires = 0;
  std::map<KeyId, PublicKey> keys;  ///< each under its own id: checked when read
  std::array<RoleKeys, kRoles> roles;
  BoxPublicKey box;  ///< what enrollment seals to

  const RoleKeys& role(Role r) const { return roles[static_cast<size_t>(r)]; }
  RoleKeys& role(Role r) { return roles[static_cast<size_t>(r)]; }
  Signers signers(Role r) const;
  /// Public keys of a role in the order of the root.
  std::vector<PublicKey> public_keys(Role r) const;
  /// `cmdai/TENANT/COLLECTOR`, the name of the log.
  std::string origin() const;
  bool operator==(const Root&) const = default;
};

struct PolicyText {
  enum class Kind : uint8_t { organization, pack };
  std::string name;  ///< a file name without a folder
  Kind kind = Kind::organization;
  std::string text;
  bool operator==(const PolicyText&) const = default;
};

/// What else holds when policy or timestamp ran out.
enum class OnStale : uint8_t { allow, warn, block };
std::string_view name(OnStale action);

struct Policy {
  uint64_t version = 1;
  Millis created = 0;
  Millis not_before = 0;
  Millis expires = 0;
  std::string min_daemon;  ///< `MAJOR.MINOR.PATCH`
  OnStale on_stale = OnStale::warn;
  std::vector<PolicyText> documents;  ///< no two names alike; at most 64
  bool operator==(const Policy&) const = default;
};

struct PolicyPointer {
  uint64_t version = 0;
  uint64_t length = 0;  ///< of the policy's envelope, bytes
  Sha512 sha512;        ///< of the same
  bool operator==(const PolicyPointer&) const = default;
};
/// What a timestamp says of this envelope.
PolicyPointer point_to(uint64_t version, std::string_view envelope);

struct Timestamp {
  uint64_t version = 1;
  Millis time = 0;
  Millis expires = 0;
  uint64_t root = 1;
  std::optional<PolicyPointer> policy;
  std::vector<DeviceId> revoked;  ///< at most 20,000
  bool operator==(const Timestamp&) const = default;
};

struct DeviceCertificate {
  DeviceId device;
  PublicKey pub;
  std::string tenant;
  std::vector<std::string> groups;  ///< at most 64
  ChainId chain;
  uint64_t epoch = 1;
  Millis not_before = 0;
  Millis not_after = 0;
  bool operator==(const DeviceCertificate&) const = default;
};

Result<Root> read_root(std::string_view payload);
Result<Policy> read_policy(std::string_view payload);
Result<Timestamp> read_timestamp(std::string_view payload);
Result<DeviceCertificate> read_device(std::string_view payload);

std::string write(const Root& root);
std::string write(const Policy& policy);
std::string write(const Timestamp& timestamp);
std::string write(const DeviceCertificate& certificate);

/// Envelope, signature of the role `enrollment`, tenant, and its time at `now`.
Result<DeviceCertificate> check_certificate(std::string_view envelope, const Root& root, Millis now);

}  // namespace cmdai::wire
