#include "enterprise/protocol/hashing.hpp"

#include <sodium.h>
#include <new>

#include "enterprise/protocol/sodium_ready.hpp"

namespace cmdai::wire {
namespace {

template <size_t N>
void blake2b(std::array<uint8_t, N>& out, std::string_view bytes, const uint8_t* key, size_t key_size) {
  ensure_sodium();
  crypto_generichash(out.data(), N, uchars(bytes), bytes.size(), key, key_size);
}

}  // namespace

Digest hash(std::string_view bytes) {
  Digest out;
  blake2b(out.bytes, bytes, nullptr, 0);
  return out;
}

KeyId key_id(const PublicKey& key) {
  KeyId out;
  blake2b(out.bytes, key.view(), nullptr, 0);
  return out;
}

Mac mac(const Key32& key, std::string_view bytes) {
  Mac out;
  blake2b(out.bytes, bytes, key.data(), 32);
  return out;
}

Key32 derive(const Key32& key, std::string_view bytes) {
  ensure_sodium();
  Key32 out;
  crypto_generichash(out.data(), 32, uchars(bytes), bytes.size(), key.data(), 32);
  return out;
}

bool equal_in_constant_time(const Mac& a, const Mac& b) {
  return sodium_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

Sha512 sha512(std::string_view bytes) {
  ensure_sodium();
  Sha512 out;
  crypto_hash_sha512(out.bytes.data(), uchars(bytes), bytes.size());
  return out;
}

TreeHash sha256(std::string_view bytes) {
  ensure_sodium();
  TreeHash out;
  crypto_hash_sha256(out.bytes.data(), uchars(bytes), bytes.size());
  return out;
}

Hasher::Hasher() {
  static_assert(sizeof(crypto_generichash_state) <= sizeof(state_) &&
                alignof(crypto_generichash_state) <= 64);
  ensure_sodium();
  crypto_generichash_init(::new (state_.data()) crypto_generichash_state, nullptr, 0, 32);
}

void Hasher::add(std::string_view bytes) {
  crypto_generichash_update(std::launder(reinterpret_cast<crypto_generichash_state*>(state_.data())),
                            uchars(bytes), bytes.size());
}

Digest Hasher::digest() const {
  Hasher copy(*this);
  Digest out;
  crypto_generichash_final(std::launder(reinterpret_cast<crypto_generichash_state*>(copy.state_.data())),
                           out.bytes.data(), 32);
  return out;
}

}  // namespace cmdai::wire
