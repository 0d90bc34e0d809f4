#pragma once
// Keys from fixed seeds, a tenant, and a device that writes events: what the tests of the protocol start
// from.
#include <string>
#include <vector>

#include "enterprise/protocol/batch.hpp"
#include "enterprise/protocol/batch_check.hpp"
#include "enterprise/protocol/policy_trust.hpp"
#include "enterprise/protocol/ratchet.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::wire::fixtures {

inline constexpr Millis kNow = 1'767'225'600'000;  // 2026-01-01
inline constexpr Millis kDay = 86'400'000;

/// 32 bytes that are all `n`.
Key32 key_of(uint8_t n);
SigningKey signing(uint8_t n);
template <class F>
F filled(uint8_t n) {
  F out;
  out.bytes.fill(n);
  return out;
}

/// Seeds of the tenant's keys: root 1, 2, 3 (threshold 2), policy 4, timestamp 5, collector 6, enrollment 7,
/// box 8.
inline constexpr uint8_t kPolicyKey = 4, kTimestampKey = 5, kCollectorKey = 6, kEnrollmentKey = 7,
                         kBoxKey = 8, kDeviceKey = 20;
Root tenant_root(uint64_t version = 1);
/// Gives the role these keys, which join the root's.
void hold(Root& root, Role role, const std::vector<uint8_t>& seeds, uint32_t threshold);

/// The envelope's text, signed with the keys of these seeds.
std::string signed_by(Document document, std::string payload, const std::vector<uint8_t>& seeds);
std::string signed_root(const Root& root);  ///< by 1 and 2

Policy sample_policy(uint64_t version = 1);
std::string signed_policy(const Policy& policy);
Timestamp timestamp_for(uint64_t version, uint64_t policy_version, std::string_view policy_envelope);
std::string signed_timestamp(const Timestamp& timestamp);
/// State with root 1 of the tenant.
TrustState first_state();

DeviceCertificate sample_certificate();
std::string signed_certificate(const DeviceCertificate& certificate);

/// Writes a chain as a device does.
class Device {
 public:
  explicit Device(uint8_t n = kDeviceKey);
  /// Appends an event with this body (`"x":1}` and the like).
  void event(std::string_view type = "command.decision",
             std::string_view body = R"("time_ms":1767225600000})");
  /// Leaves `count` numbers out and says so.
  void gap(uint64_t count, std::string_view cause = "unclean-stop");
  /// Leaves numbers out and says nothing.
  void lose(uint64_t count);
  void events(size_t count);

  /// Events by their place in `lines`, [begin, end).
  std::string batch(size_t begin, size_t end, bool insist = false) const;
  std::string batch() const { return batch(0, lines.size()); }
  BatchHeader header(size_t begin, bool insist = false) const;
  std::vector<MacLine> mac_lines(size_t begin, size_t end) const;
  BatchOwner owner() const { return {id, chain, key.public_key()}; }
  ChainState fresh_state() const { return ChainState::begin(k0.clone()); }

  DeviceId id;
  ChainId chain;
  BootId boot;
  SigningKey key;
  Key32 k0;
  Ratchet ratchet;
  Digest head;
  std::vector<std::string> lines;
  std::vector<Mac> macs;
  std::vector<uint64_t> numbers;
};

}  // namespace cmdai::wire::fixtures
