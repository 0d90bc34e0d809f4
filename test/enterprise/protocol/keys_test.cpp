#include "enterprise/protocol/keys.hpp"

#include <doctest/doctest.h>

#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

TEST_CASE("RFC 8032, test 1") {
  const auto seed = *Key32::from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const auto key = SigningKey::from_seed(seed);
  CHECK(key.public_key().hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(
      key.sign({}, {}).hex().starts_with("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"));
  CHECK(key.seed().equals(seed));
}

TEST_CASE("a signature holds for its key, its domain and its message") {
  const auto key = SigningKey::generate();
  const auto signature = key.sign("a\n", "text");
  CHECK(verify(key.public_key(), "a\n", "text", signature));
  CHECK(verify(key.clone().public_key(), "a\n", "text", signature));
  CHECK_FALSE(verify(key.public_key(), "b\n", "text", signature));
  CHECK_FALSE(verify(key.public_key(), "a\n", "texts", signature));
  CHECK_FALSE(verify(SigningKey::generate().public_key(), "a\n", "text", signature));
  for (size_t i = 0; i < Signature::size; ++i) {
    auto broken = signature;
    broken.bytes[i] ^= 1;
    CHECK_FALSE(verify(key.public_key(), "a\n", "text", broken));
  }
}

TEST_CASE("a key of small order signs nothing") {
  PublicKey identity;
  identity.bytes[0] = 1;
  CHECK_FALSE(verify(identity, {}, "text", Signature{}));
  CHECK_FALSE(verify(PublicKey{}, {}, "text", Signature{}));
  CHECK_FALSE(seal(BoxPublicKey{}, "text"));
}

TEST_CASE("only the box key opens a seal, and only whole") {
  const auto box = BoxKey::generate();
  const auto sealed = seal(box.public_key(), "secret").value();
  CHECK(box.open(sealed) == "secret");
  CHECK(BoxKey::from_seed(box.seed()).open(sealed) == "secret");
  CHECK_FALSE(BoxKey::generate().open(sealed));
  CHECK_FALSE(box.open(sealed.substr(1)));
  CHECK_FALSE(box.open(""));
  for (size_t i = 0; i < sealed.size(); ++i) {
    auto broken = sealed;
    broken[i] = static_cast<char>(broken[i] ^ 4);
    CAPTURE(i);
    CHECK_FALSE(box.open(broken));
  }
}
