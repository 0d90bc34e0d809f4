#include "enterprise/protocol/keys.hpp"

#include <sodium.h>

#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/sodium_ready.hpp"

namespace cmdai::wire {
namespace {

std::string joined(std::string_view domain, std::string_view message) {
  std::string out;
  out.reserve(domain.size() + message.size());
  out.append(domain).append(message);
  return out;
}

}  // namespace

SigningKey SigningKey::generate() { return from_seed(Key32::random()); }

SigningKey SigningKey::from_seed(const Key32& seed) {
  ensure_sodium();
  SigningKey key;
  crypto_sign_seed_keypair(key.public_.bytes.data(), key.secret_.data(), seed.data());
  return key;
}

SigningKey SigningKey::clone() const {
  SigningKey key;
  key.secret_ = secret_.clone();
  key.public_ = public_;
  return key;
}

KeyId SigningKey::id() const { return key_id(public_); }

Key32 SigningKey::seed() const {
  Key32 seed;
  crypto_sign_ed25519_sk_to_seed(seed.data(), secret_.data());
  return seed;
}

Signature SigningKey::sign(std::string_view domain, std::string_view message) const {
  const std::string text = joined(domain, message);
  Signature out;
  crypto_sign_detached(out.bytes.data(), nullptr, uchars(text), text.size(), secret_.data());
  return out;
}

bool verify(const PublicKey& key, std::string_view domain, std::string_view message,
            const Signature& signature) {
  ensure_sodium();
  const std::string text = joined(domain, message);
  return crypto_sign_verify_detached(signature.bytes.data(), uchars(text), text.size(), key.bytes.data()) ==
         0;
}

BoxKey BoxKey::generate() { return from_seed(Key32::random()); }

BoxKey BoxKey::from_seed(const Key32& seed) {
  ensure_sodium();
  BoxKey key;
  key.seed_ = seed.clone();
  crypto_box_seed_keypair(key.public_.bytes.data(), key.secret_.data(), seed.data());
  return key;
}

BoxKey BoxKey::clone() const { return from_seed(seed_); }

Key32 BoxKey::seed() const { return seed_.clone(); }

std::optional<std::string> BoxKey::open(std::string_view sealed) const {
  if (sealed.size() < crypto_box_SEALBYTES) return std::nullopt;
  std::string plain(sealed.size() - crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal_open(reinterpret_cast<unsigned char*>(plain.data()), uchars(sealed), sealed.size(),
                           public_.bytes.data(), secret_.data()) != 0) {
    wipe(plain);
    return std::nullopt;
  }
  return plain;
}

std::optional<std::string> seal(const BoxPublicKey& to, std::string_view plain) {
  ensure_sodium();
  std::string out(plain.size() + crypto_box_SEALBYTES, '\0');
  if (crypto_box_seal(reinterpret_cast<unsigned char*>(out.data()), uchars(plain), plain.size(),
                      to.bytes.data()) != 0) {
    return std::nullopt;
  }
  return out;
}

}  // namespace cmdai::wire
