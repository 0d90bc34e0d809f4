#pragma once
// Enrollment: a new device shows its one-time token and hands over its first ratchet key, both sealed to the
// collector.
#include <string>
#include <string_view>

#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::wire {

inline constexpr size_t kMaxEnrollment = 16 << 10;

/// What the device says of itself. Texts of at most 256 bytes.
struct DeviceFacts {
  std::string host;
  std::string os;
  std::string serial_hash;
  std::string version;
  std::string assurance;  ///< `L1`, `L2`, `L3`
  bool operator==(const DeviceFacts&) const = default;
};

struct EnrollRequest {
  PublicKey pub;
  BoxPublicKey box;
  std::string sealed;  ///< raw bytes: token and k0, to the root's box key
  ChainId chain;
  Nonce nonce;
  Millis time = 0;
  DeviceFacts facts;
  Signature signature;
};

/// What only the collector reads.
struct EnrollSecrets {
  Key32 token;
  Key32 k0;
};

/// nullopt-free: fails (malformed) only if the root's box key cannot be sealed to.
Result<EnrollRequest> make_enroll(const SigningKey& device, const BoxPublicKey& box, const Root& root,
                                  const EnrollSecrets& secrets, const ChainId& chain, const Nonce& nonce,
                                  Millis time, DeviceFacts facts);
std::string write(const EnrollRequest& request);
Result<EnrollRequest> read_enroll(std::string_view body);
/// Opens the seal and checks the new key's signature, which covers the token's hash and this collector's
/// name.
Result<EnrollSecrets> open_enroll(const EnrollRequest& request, const BoxKey& box,
                                  std::string_view collector);

/// What a collector stores of a token: H of it.
Digest token_hash(const Key32& token);

struct EnrollAnswer {
  DeviceId device;
  std::string certificate;  ///< envelope
  std::string tenant_key;   ///< raw bytes, sealed to the device's box key
  Millis time = 0;
};
std::string write(const EnrollAnswer& answer);
Result<EnrollAnswer> read_enroll_answer(std::string_view body);

}  // namespace cmdai::wire
