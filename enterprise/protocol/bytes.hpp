#pragma once
// Bytes of a fixed length, one type for each meaning, so that a nonce cannot stand where a key is asked for;
// hex and base64.
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cmdai::wire {

/// Lower-case hex.
std::string to_hex(std::string_view bytes);
/// Writes 2 * bytes.size() characters to `out`.
void write_hex(std::string_view bytes, char* out);
/// Strict: lower-case only, nothing around it, exactly `size` bytes into `out`. False: nothing of `out` is to
/// be used.
bool read_hex(std::string_view hex, uint8_t* out, size_t size);
/// Strict hex of any length; nullopt for anything else.
std::optional<std::string> from_hex(std::string_view hex);

/// Standard alphabet with padding (checkpoints only; all else is hex).
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

/// As libsodium wants them. Borrowed.
inline const unsigned char* uchars(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// Public bytes. Zeros when nothing was assigned.
template <size_t N, class Meaning>
struct Fixed {
  std::array<uint8_t, N> bytes{};

  static constexpr size_t size = N;
  static std::optional<Fixed> from_hex(std::string_view hex) {
    Fixed out;
    if (!read_hex(hex, out.bytes.data(), N)) return std::nullopt;
    return out;
  }
  /// The raw bytes, as a store hands them back; nullopt if the length is another.
  static std::optional<Fixed> from_bytes(std::string_view raw) {
    if (raw.size() != N) return std::nullopt;
    Fixed out;
    for (size_t i = 0; i < N; ++i) out.bytes[i] = static_cast<uint8_t>(raw[i]);
    return out;
  }
  /// Borrowed: as long as this lives.
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), N}; }
  std::string hex() const { return to_hex(view()); }
  bool operator==(const Fixed&) const = default;
  auto operator<=>(const Fixed&) const = default;
};

using Digest = Fixed<32, struct DigestMeaning>;        ///< H: of an event, of a body
using Mac = Fixed<16, struct MacMeaning>;              ///< of an event, under its ratchet key
using Sha512 = Fixed<64, struct Sha512Meaning>;        ///< of a policy's envelope
using TreeHash = Fixed<32, struct TreeHashMeaning>;    ///< SHA-256, nodes of the collector's log
using KeyId = Fixed<16, struct KeyIdMeaning>;          ///< H16 of a public key
using PublicKey = Fixed<32, struct PublicKeyMeaning>;  ///< Ed25519
using BoxPublicKey = Fixed<32, struct BoxKeyMeaning>;  ///< X25519
using Signature = Fixed<64, struct SignatureMeaning>;  ///< Ed25519
using DeviceId = Fixed<16, struct DeviceIdMeaning>;    ///< given by the collector
using ChainId = Fixed<16, struct ChainIdMeaning>;      ///< random, one for each enrollment
using Nonce = Fixed<16, struct NonceMeaning>;
using BootId = Fixed<16, struct BootIdMeaning>;  ///< the kernel's boot id without its dashes

/// Fresh random bytes from the system (libsodium): for chain ids, nonces, device ids.
void fill_random(uint8_t* out, size_t size);
template <class F>
F random_fixed() {
  F out;
  fill_random(out.bytes.data(), F::size);
  return out;
}

/// Secret bytes: wiped when they go, never compared in variable time, never copied by accident.
template <size_t N>
class Secret {
 public:
  Secret() = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  static Secret random() {
    Secret out;
    fill_random(out.bytes_.data(), N);
    return out;
  }
  static std::optional<Secret> from_bytes(std::string_view raw) {
    if (raw.size() != N) return std::nullopt;
    Secret out;
    for (size_t i = 0; i < N; ++i) out.bytes_[i] = static_cast<uint8_t>(raw[i]);
    return out;
  }
  static std::optional<Secret> from_hex(std::string_view hex) {
    Secret out;
    if (!read_hex(hex, out.bytes_.data(), N)) return std::nullopt;
    return out;
  }
  /// A second copy, asked for by name.
  Secret clone() const {
    Secret out;
    out.bytes_ = bytes_;
    return out;
  }
  void wipe();

  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), N}; }
  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }
  /// In constant time.
  bool equals(const Secret& other) const;

 private:
  std::array<uint8_t, N> bytes_{};
};

using Key32 = Secret<32>;  ///< a ratchet key, a seed, a token

/// Overwrites the bytes of a string that held a secret, and empties it.
void wipe(std::string& secret);

/// For unordered containers: the values are uniform or chosen by one party for itself, and are compared
/// whole.
struct FixedHash {
  template <size_t N, class M>
  size_t operator()(const Fixed<N, M>& value) const {
    return std::hash<std::string_view>{}(value.view());
  }
};

}  // namespace cmdai::wire
