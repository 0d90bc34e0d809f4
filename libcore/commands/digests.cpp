#include "libcore/commands/digests.hpp"

#include <sodium.h>

#include <array>
#include <boost/uuid/detail/md5.hpp>
#include <boost/uuid/detail/sha1.hpp>

namespace cmdai::commands {
namespace {

template <size_t N>
std::string hex(const std::array<unsigned char, N>& bytes) {
  std::string out(2 * N + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes.data(), bytes.size());
  out.pop_back();
  return out;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Boost's hashes end as 32-bit numbers, the first byte the highest.
template <class Hash>
std::string boost_digest(std::string_view text) {
  Hash hash;
  typename Hash::digest_type words;
  hash.process_bytes(text.data(), text.size());
  hash.get_digest(words);
  std::array<unsigned char, sizeof(words)> bytes{};
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<unsigned char>(words[i / 4] >> (8 * (3 - i % 4)));
  return hex(bytes);
}

}  // namespace

std::optional<std::string> hex_digest(std::string_view program, std::string_view text) {
  if (program == "md5sum") return boost_digest<boost::uuids::detail::md5>(text);
  if (program == "sha1sum") return boost_digest<boost::uuids::detail::sha1>(text);
  if (program == "sha256sum") {
    std::array<unsigned char, crypto_hash_sha256_BYTES> bytes{};
    crypto_hash_sha256(bytes.data(), bytes_of(text), text.size());
    return hex(bytes);
  }
  if (program == "sha512sum") {
    std::array<unsigned char, crypto_hash_sha512_BYTES> bytes{};
    crypto_hash_sha512(bytes.data(), bytes_of(text), text.size());
    return hex(bytes);
  }
  return std::nullopt;
}

}  // namespace cmdai::commands
