#include "enterprise/protocol/bytes.hpp"

#include <sodium.h>

#include "enterprise/protocol/sodium_ready.hpp"

namespace cmdai::wire {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

/// 0..15, or 255 for what is no lower-case hex digit.
constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values{};
  values.fill(255);
  for (uint8_t i = 0; i < 16; ++i) values[static_cast<uint8_t>(kDigits[i])] = i;
  return values;
}();

}  // namespace

void write_hex(std::string_view bytes, char* out) {
  for (char c : bytes) {
    const auto value = static_cast<uint8_t>(c);
    *out++ = kDigits[value >> 4];
    *out++ = kDigits[value & 15];
  }
}

std::string to_hex(std::string_view bytes) {
  std::string out(bytes.size() * 2, '\0');
  write_hex(bytes, out.data());
  return out;
}

bool read_hex(std::string_view hex, uint8_t* out, size_t size) {
  if (hex.size() != size * 2) return false;
  uint8_t seen = 0;
  for (size_t i = 0; i < size; ++i) {
    const uint8_t high = kValues[static_cast<uint8_t>(hex[2 * i])];
    const uint8_t low = kValues[static_cast<uint8_t>(hex[2 * i + 1])];
    seen |= high | low;
    out[i] = static_cast<uint8_t>((high << 4) | (low & 15));
  }
  return seen < 16;
}

std::optional<std::string> from_hex(std::string_view hex) {
  std::string out(hex.size() / 2, '\0');
  if (!read_hex(hex, reinterpret_cast<uint8_t*>(out.data()), out.size())) return std::nullopt;
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), uchars(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the zero libsodium writes
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size(), '\0');
  size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                        nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  out.resize(length);
  if (to_base64(out) != text) return std::nullopt;  // one way of writing it only
  return out;
}

void fill_random(uint8_t* out, size_t size) {
  ensure_sodium();
  randombytes_buf(out, size);
}

template <size_t N>
void Secret<N>::wipe() {
  sodium_memzero(bytes_.data(), N);
}

template <size_t N>
bool Secret<N>::equals(const Secret& other) const {
  return sodium_memcmp(bytes_.data(), other.bytes_.data(), N) == 0;
}

template class Secret<32>;
template class Secret<64>;

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace cmdai::wire
