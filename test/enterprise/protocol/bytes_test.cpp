#include "enterprise/protocol/bytes.hpp"

#include <doctest/doctest.h>

#include "enterprise/protocol/hashing.hpp"

using namespace cmdai::wire;

TEST_CASE("hex is lower-case, whole and nothing else") {
  CHECK(to_hex(std::string_view("\x00\x7f\xff", 3)) == "007fff");
  CHECK(from_hex("007fff") == std::string("\x00\x7f\xff", 3));
  CHECK(from_hex("") == "");
  for (const char* wrong : {"0", "0g", "0F", "00 ", " 00", "0x00", "00\n", "é"}) {
    CAPTURE(wrong);
    CHECK_FALSE(from_hex(wrong));
  }
}

TEST_CASE("a fixed value has one length") {
  CHECK(Nonce::from_hex("000102030405060708090a0b0c0d0e0f").has_value());
  CHECK_FALSE(Nonce::from_hex("000102030405060708090a0b0c0d0e"));
  CHECK_FALSE(Nonce::from_hex("000102030405060708090a0b0c0d0e0f10"));
  CHECK_FALSE(Nonce::from_bytes("short"));
  const auto nonce = random_fixed<Nonce>();
  CHECK(Nonce::from_hex(nonce.hex()) == nonce);
  CHECK(Nonce::from_bytes(nonce.view()) == nonce);
  CHECK(random_fixed<Nonce>() != nonce);
}

TEST_CASE("base64 is the standard alphabet, padded, in one spelling") {
  CHECK(to_base64("") == "");
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(from_base64("Zm9vYg==") == "foob");
  for (const char* wrong : {"Zg=", "Zg", "Zh==", "Zg==\n", "Z_==", "Zm9v Yg=="}) {
    CAPTURE(wrong);
    CHECK_FALSE(from_base64(wrong));
  }
}

TEST_CASE("a secret is moved, cloned by name, and wiped") {
  auto secret = Key32::random();
  const auto copy = secret.clone();
  CHECK(copy.equals(secret));
  const auto moved = std::move(secret);
  CHECK(copy.equals(moved));
  // NOLINTNEXTLINE(bugprone-use-after-move): that it is empty is what is asked
  CHECK(secret.view() == std::string(32, '\0'));
  CHECK_FALSE(copy.equals(secret));
  std::string text = "token";
  wipe(text);
  CHECK(text.empty());
}

TEST_CASE("the hashes are the ones of RFC 7693 and FIPS 180") {
  CHECK(hash("abc").hex() == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(sha256("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha512("abc").hex().starts_with("ddaf35a193617abacc417349ae204131"));
  const auto key = *Key32::from_bytes(std::string(32, 'k'));
  CHECK(mac(key, "m") != mac(*Key32::from_bytes(std::string(32, 'l')), "m"));
  CHECK_FALSE(derive(key, "a").equals(derive(key, "b")));
}

TEST_CASE("a hash in pieces is the hash of the whole, and goes on after it was asked for") {
  Hasher hasher;
  hasher.add("a");
  CHECK(hasher.digest() == hash("a"));
  hasher.add("bc");
  CHECK(hasher.digest() == hash("abc"));
}
