#pragma once
// Key pairs. Secret halves are wiped with their object; a signature always names its domain, so that none is
// taken for another (`cmdai-batch-v1\n` is what the signed text begins with).
#include <optional>
#include <string>
#include <string_view>

#include "enterprise/protocol/bytes.hpp"

namespace cmdai::wire {

/// Ed25519.
class SigningKey {
 public:
  /// From the system's randomness.
  static SigningKey generate();
  /// The pair that belongs to this seed (the 32 bytes that are kept on disk).
  static SigningKey from_seed(const Key32& seed);
  SigningKey clone() const;

  const PublicKey& public_key() const { return public_; }
  KeyId id() const;
  /// To be kept where nobody else reads it.
  Key32 seed() const;
  /// Over domain + message.
  Signature sign(std::string_view domain, std::string_view message) const;

 private:
  SigningKey() = default;
  Secret<64> secret_;
  PublicKey public_;
};

/// False as well for a public key that is no point of the curve or of small order.
bool verify(const PublicKey& key, std::string_view domain, std::string_view message,
            const Signature& signature);

/// X25519, for `crypto_box_seal`.
class BoxKey {
 public:
  static BoxKey generate();
  static BoxKey from_seed(const Key32& seed);
  BoxKey clone() const;

  const BoxPublicKey& public_key() const { return public_; }
  Key32 seed() const;
  /// nullopt: not sealed to this key, or changed. The caller wipes what it got.
  std::optional<std::string> open(std::string_view sealed) const;

 private:
  BoxKey() = default;
  Key32 seed_;
  Key32 secret_;
  BoxPublicKey public_;
};

/// Only the holder of the box key opens it; who sealed it is not said. nullopt: the key is of small order.
std::optional<std::string> seal(const BoxPublicKey& to, std::string_view plain);

}  // namespace cmdai::wire
