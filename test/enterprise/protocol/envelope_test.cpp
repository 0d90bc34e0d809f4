#include "enterprise/protocol/envelope.hpp"

#include <doctest/doctest.h>

#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

Signers holders(const std::vector<uint8_t>& seeds, uint32_t threshold) {
  Signers out;
  out.threshold = threshold;
  for (uint8_t seed : seeds) out.holders[signing(seed).id()] = signing(seed).public_key();
  return out;
}

std::string judge(const Envelope& envelope, const Signers& signers, Document document = Document::policy) {
  const auto good = check_signatures(envelope, document, signers);
  return good ? "good" : std::string(word(good.error().reason));
}

Envelope signed_with(const std::vector<uint8_t>& seeds, Document document = Document::policy) {
  Envelope out{"payload", {}};
  for (uint8_t seed : seeds) add_signature(out, document, signing(seed));
  return out;
}

}  // namespace

TEST_CASE("enough good signatures of the role's keys, each counted once") {
  const auto two = holders({1, 2, 3}, 2);
  CHECK(judge(signed_with({1, 2}), two) == "good");
  CHECK(judge(signed_with({9, 3, 1}), two) == "good");
  CHECK(judge(signed_with({}), two) == "missing-signature");
  CHECK(judge(signed_with({1}), two) == "threshold");
  CHECK(judge(signed_with({1, 9}), two) == "threshold");
  CHECK(judge(signed_with({8, 9}), two) == "wrong-role");
  CHECK(judge(signed_with({1, 2}, Document::root), two) == "bad-signature");
  CHECK(judge(signed_with({1, 2}), holders({1, 2}, 0)) != "good");  // a threshold of none is none

  auto twice = signed_with({1});
  twice.signatures.push_back(twice.signatures.front());
  CHECK(judge(twice, two) == "threshold");

  auto borrowed = signed_with({1, 2});
  borrowed.signatures[1].signature = borrowed.signatures[0].signature;
  CHECK(judge(borrowed, two) == "bad-signature");
}

TEST_CASE("an envelope is written and read as it is") {
  const Envelope envelope = signed_with({1, 2});
  const auto text = write(envelope);
  CHECK(text.starts_with(R"({"signed":"payload","signatures":[{"key":")"));
  const auto again = read_envelope(text);
  REQUIRE(again);
  CHECK(again->payload == "payload");
  CHECK(write(*again) == text);
}

TEST_CASE("signing again replaces the signature") {
  auto envelope = signed_with({1, 1, 2});
  CHECK(envelope.signatures.size() == 2);
}

TEST_CASE("what is no envelope") {
  const std::string signature =
      R"({"key":")" + std::string(32, 'a') + R"(","sig":")" + std::string(128, 'b') + R"("})";
  const std::string deep = R"({"signed":"x","signatures":[],"x":)" + std::string(100'000, '[');
  std::string many = signature;
  for (int i = 0; i < 16; ++i) many += "," + signature;
  const std::pair<std::string, std::string_view> rows[] = {
      {"", "malformed"},
      {"[]", "malformed"},
      {R"({"signed":"x"})", "malformed"},
      {R"({"signatures":[]})", "malformed"},
      {R"({"signed":1,"signatures":[]})", "malformed"},
      {R"({"signed":"x","signatures":{}})", "malformed"},
      {R"({"signed":"x","signatures":[1]})", "malformed"},
      {R"({"signed":"x","signatures":[{"key":"aa","sig":"bb"}]})", "malformed"},
      {R"({"signed":"x","signatures":[]} )"
       "x",
       "malformed"},
      {R"({"signed":"x","signed":"y","signatures":[]})", "malformed"},
      {R"( {"signed":"x","signatures":[]})", "malformed"},
      {"\xEF\xBB\xBF"
       R"({"signed":"x","signatures":[]})",
       "malformed"},
      {"{\"signed\":\"\xff\",\"signatures\":[]}", "malformed"},
      {deep, "malformed"},
      {R"({"signed":"x","signatures":[)" + many + "]}", "too-long"},
      {std::string(kMaxEnvelope + 1, ' '), "too-long"},
  };
  for (const auto& [text, reason] : rows) {
    CAPTURE(text.substr(0, 100));
    const auto read = read_envelope(text);
    REQUIRE_FALSE(read);
    CHECK(word(read.error().reason) == reason);
  }
  CHECK(read_envelope(R"({"signed":"x","signatures":[],"later":{"y":1}})").has_value());
}

TEST_CASE("every bit of an envelope counts") {
  const auto text = write(signed_with({1, 2}));
  const auto signers = holders({1, 2, 3}, 2);
  REQUIRE(judge(*read_envelope(text), signers) == "good");
  for (size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto broken = text;
      broken[i] = static_cast<char>(broken[i] ^ (1 << bit));
      CAPTURE(i);
      const auto read = read_envelope(broken);
      CHECK_FALSE((read && check_signatures(*read, Document::policy, signers)));
    }
  }
}
