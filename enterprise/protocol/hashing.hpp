#pragma once
// The hashes of the protocol by its own names: H, H16, MAC and KDF are BLAKE2b, the log is SHA-256, a policy
// is named by SHA-512. All from libsodium.
#include <array>
#include <cstdint>
#include <string_view>

#include "enterprise/protocol/bytes.hpp"

namespace cmdai::wire {

/// H: BLAKE2b-256.
Digest hash(std::string_view bytes);
/// H16 of a public key: BLAKE2b-128.
KeyId key_id(const PublicKey& key);
/// MAC: keyed BLAKE2b-128.
Mac mac(const Key32& key, std::string_view bytes);
/// KDF: keyed BLAKE2b-256.
Key32 derive(const Key32& key, std::string_view bytes);
/// In constant time.
bool equal_in_constant_time(const Mac& a, const Mac& b);

Sha512 sha512(std::string_view bytes);
TreeHash sha256(std::string_view bytes);

/// H over what comes in pieces (an export file).
class Hasher {
 public:
  Hasher();
  void add(std::string_view bytes);
  /// Of all added so far; more may be added afterwards.
  Digest digest() const;

 private:
  alignas(64) std::array<unsigned char, 384> state_;
};

}  // namespace cmdai::wire
