#include "enterprise/protocol/roles.hpp"

#include <doctest/doctest.h>

#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

template <class T>
std::string judge_role(const Result<T>& read) {
  return read ? "read" : std::string(word(read.error().reason));
}

}  // namespace

TEST_CASE("payloads are read as they were written") {
  CHECK(read_root(write(tenant_root(7))).value() == tenant_root(7));
  CHECK(read_policy(write(sample_policy(9))).value() == sample_policy(9));
  Timestamp timestamp = timestamp_for(3, 1, "policy");
  timestamp.revoked = {filled<DeviceId>(9)};
  CHECK(read_timestamp(write(timestamp)).value() == timestamp);
  CHECK(read_timestamp(write(timestamp_for(3, 0, ""))).value().policy == std::nullopt);
  CHECK(read_device(write(sample_certificate())).value() == sample_certificate());
}

TEST_CASE("a root that does not hold together") {
  const std::string good = write(tenant_root());
  const std::string id = signing(kPolicyKey).id().hex();
  CHECK(judge_role(read_root(good)) == "read");
  CHECK(judge_role(read_root(replaced(good, R"("role":"root")", R"("role":"policy")"))) == "malformed");
  CHECK(judge_role(read_root(replaced(good, R"("version":1)", R"("version":0)"))) == "malformed");
  CHECK(judge_role(read_root(replaced(good, R"("version":1)", R"("version":-1)"))) == "malformed");
  CHECK(judge_role(read_root(replaced(good, R"("version":1)", R"("version":1.5)"))) == "malformed");
  CHECK(judge_role(read_root(replaced(good, R"("tenant":"acme")", R"("tenant":"Acme Ltd")"))) == "malformed");
  CHECK(judge_role(read_root(replaced(good, R"("threshold":2)", R"("threshold":4)"))) == "malformed");
  CHECK(judge_role(read_root(replaced(good, R"("threshold":2)", R"("threshold":0)"))) == "malformed");
  CHECK(judge_role(read_root(replaced(good, R"("enrollment":{)", R"("enrolment":{)"))) == "malformed");
  CHECK(judge_role(read_root(replaced(good, id, std::string(32, '0')))) ==
        "malformed");  // a key under another's id
  CHECK(judge_role(read_root(replaced(good, R"("expires")", R"("expired")"))) == "malformed");
  Root twice = tenant_root();
  twice.role(Role::root).keys.push_back(twice.role(Role::root).keys[0]);
  CHECK(judge_role(read_root(write(twice))) == "malformed");
  Root stranger = tenant_root();
  stranger.role(Role::policy).keys.push_back(signing(99).id());
  CHECK(judge_role(read_root(write(stranger))) == "malformed");
  Root empty = tenant_root();
  empty.role(Role::policy) = {{}, 1};
  CHECK(judge_role(read_root(write(empty))) == "malformed");
}

TEST_CASE("a policy that does not hold together") {
  const std::string good = write(sample_policy());
  CHECK(judge_role(read_policy(replaced(good, "\"acme.toml\"", "\"organization.toml\""))) == "malformed");
  CHECK(judge_role(read_policy(replaced(good, "\"acme.toml\"", "\"../acme.toml\""))) == "malformed");
  CHECK(judge_role(read_policy(replaced(good, "\"acme.toml\"", "\".toml\""))) == "malformed");
  CHECK(judge_role(read_policy(replaced(good, "\"acme.toml\"", "\"\""))) == "malformed");
  CHECK(judge_role(read_policy(replaced(good, "\"pack\"", "\"script\""))) == "malformed");
  CHECK(judge_role(read_policy(replaced(good, R"("on_stale":"warn")", R"("on_stale":"shrug")"))) ==
        "malformed");
  CHECK(judge_role(read_policy(replaced(good, R"("0.1.0")", R"("soon")"))) == "malformed");
  Policy many = sample_policy();
  many.documents.assign(65, many.documents[0]);
  CHECK(judge_role(read_policy(write(many))) == "too-long");
}

TEST_CASE("names") {
  for (const char* good : {"a", "acme", "acme-2.eu_west", "0"}) CHECK(is_name(good));
  for (const std::string& wrong : {std::string(), std::string("-a"), std::string("A"), std::string("a b"),
                                   std::string("a/b"), std::string("ä"), std::string(64, 'a')}) {
    CAPTURE(wrong);
    CHECK_FALSE(is_name(wrong));
  }
}

TEST_CASE("a device's certificate") {
  const Root root = tenant_root();
  const auto good = signed_certificate(sample_certificate());
  CHECK(check_certificate(good, root, kNow).value() == sample_certificate());
  CHECK(judge_role(check_certificate(good, root, kNow + 90 * kDay)) == "expired");
  CHECK(judge_role(check_certificate(good, root, kNow - 2 * kDay)) == "not-yet-valid");
  CHECK(judge_role(check_certificate(
            signed_by(Document::device, write(sample_certificate()), {kCollectorKey}), root, kNow)) ==
        "wrong-role");
  auto other = sample_certificate();
  other.tenant = "evil";
  CHECK(judge_role(check_certificate(signed_certificate(other), root, kNow)) == "content-mismatch");
}
