#include "enterprise/protocol/policy_trust.hpp"

#include <doctest/doctest.h>
#include <functional>

#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

/// What a collector offers, and the device it is offered to.
struct Offer {
  TrustState state = first_state();
  std::vector<std::string> roots;
  Timestamp timestamp;
  std::vector<uint8_t> timestamp_signers = {kTimestampKey};
  Policy policy = sample_policy();
  std::vector<uint8_t> policy_signers = {kPolicyKey};
  std::string policy_text;     ///< instead of the signed policy
  std::string timestamp_text;  ///< instead of the signed timestamp
  std::string daemon = "0.1.0";
  Millis clock = kNow;
  bool name_policy = true;  ///< the timestamp names what is offered

  Offer() {
    timestamp.version = 1;
    timestamp.time = kNow;
    timestamp.expires = kNow + kDay;
  }
  std::string policy_envelope() const {
    return policy_text.empty() ? signed_by(Document::policy, write(policy), policy_signers) : policy_text;
  }
  PolicySet set() const {
    Timestamp named = timestamp;
    if (name_policy) named.policy = point_to(policy.version, policy_envelope());
    return {roots,
            timestamp_text.empty() ? signed_by(Document::timestamp, write(named), timestamp_signers)
                                   : timestamp_text,
            policy_envelope()};
  }
  Result<AcceptedSet> accept() const { return accept_set(state, set(), daemon, clock); }
  std::string word() const {
    const auto accepted = accept();
    return accepted ? "accepted" : std::string(cmdai::wire::word(accepted.error().reason));
  }
};

/// A device that has accepted policy and timestamp of these versions.
TrustState state_with(uint64_t timestamp, uint64_t policy) {
  Offer offer;
  offer.timestamp.version = timestamp;
  offer.policy.version = policy;
  return offer.accept().value().state;
}

Root next_root(const std::function<void(Root&)>& change = {}) {
  Root root = tenant_root(2);
  if (change) change(root);
  return root;
}

struct Row {
  const char* what;
  const char* word;
  std::function<void(Offer&)> change;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Offer offer;
    row.change(offer);
    CHECK(offer.word() == row.word);
  }
}

}  // namespace

TEST_CASE("a first policy, and the state it leaves") {
  const auto accepted = Offer().accept();
  REQUIRE(accepted);
  CHECK(accepted->policy == sample_policy());
  CHECK(accepted->state.timestamp_version == 1);
  CHECK(accepted->state.policy->version == 1);
  CHECK(accepted->state.newest_time == kNow);
  CHECK_FALSE(is_stale(accepted->state, *accepted->policy, kNow));
  CHECK(is_stale(accepted->state, *accepted->policy, kNow + kDay));
  CHECK(is_stale(accepted->state, *accepted->policy, kNow + 30 * kDay));
}

TEST_CASE("signatures") {
  check({
      {"policy without one", "missing-signature", [](Offer& o) { o.policy_signers = {}; }},
      {"timestamp without one", "missing-signature", [](Offer& o) { o.timestamp_signers = {}; }},
      {"policy by a stranger", "wrong-role", [](Offer& o) { o.policy_signers = {99}; }},
      {"policy by the online key", "wrong-role", [](Offer& o) { o.policy_signers = {kTimestampKey}; }},
      {"policy by the root's keys", "wrong-role",
       [](Offer& o) {
         o.policy_signers = {1, 2, 3};
       }},
      {"timestamp by the policy's key", "wrong-role", [](Offer& o) { o.timestamp_signers = {kPolicyKey}; }},
      {"policy by its key and a stranger", "accepted",
       [](Offer& o) {
         o.policy_signers = {99, kPolicyKey};
       }},
      {"timestamp offered as policy", "bad-signature",
       [](Offer& o) { o.policy_text = signed_by(Document::timestamp, write(o.policy), {kPolicyKey}); }},
      {"policy where a timestamp is due", "wrong-role",
       [](Offer& o) { o.timestamp_text = signed_policy(o.policy); }},
      {"the right key, the wrong payload", "malformed",
       [](Offer& o) { o.timestamp_text = signed_by(Document::timestamp, write(o.policy), {kTimestampKey}); }},
      {"signature of another payload", "bad-signature",
       [](Offer& o) {
         auto envelope = read_envelope(signed_policy(sample_policy(2))).value();
         envelope.payload = write(o.policy);
         o.policy_text = write(envelope);
       }},
      {"no envelope", "malformed", [](Offer& o) { o.timestamp_text = "{}"; }},
  });
}

TEST_CASE("rollback") {
  check({
      {"an older timestamp", "rollback",
       [](Offer& o) {
         o.state = state_with(5, 1);
         o.timestamp.version = 4;
       }},
      {"the same timestamp", "accepted",
       [](Offer& o) {
         o.state = state_with(5, 1);
         o.timestamp.version = 5;
       }},
      {"an older policy", "rollback",
       [](Offer& o) {
         o.state = state_with(1, 3);
         o.timestamp.version = 2;
         o.policy.version = 2;
       }},
      {"no policy after one", "rollback",
       [](Offer& o) {
         o.state = state_with(1, 3);
         o.name_policy = false;
       }},
      {"no policy before the first", "content-mismatch", [](Offer& o) { o.name_policy = false; }},
      {"the same version with another text", "content-mismatch",
       [](Offer& o) {
         o.state = state_with(1, 1);
         o.policy.documents[0].text += "#";
       }},
      {"the same again", "accepted",
       [](Offer& o) {
         o.state = state_with(1, 1);
         o.timestamp.version = 2;
       }},
      {"a timestamp that knows an older root", "rollback",
       [](Offer& o) {
         o.roots = {signed_root(next_root())};
         o.timestamp.root = 1;
       }},
      {"a timestamp that knows a newer root", "root-skipped", [](Offer& o) { o.timestamp.root = 2; }},
  });
}

TEST_CASE("freeze and expiry") {
  check({
      {"a timestamp that ran out", "freeze", [](Offer& o) { o.clock = kNow + kDay; }},
      {"a clock set back revives nothing", "freeze",
       [](Offer& o) {
         o.state.newest_time = kNow + 2 * kDay;
         o.clock = kNow - 100 * kDay;
       }},
      {"a policy that ran out", "expired", [](Offer& o) { o.policy.expires = kNow; }},
      {"a policy from tomorrow", "not-yet-valid", [](Offer& o) { o.policy.not_before = kNow + 1; }},
      {"a policy for a newer daemon", "too-new", [](Offer& o) { o.policy.min_daemon = "0.2.0"; }},
      {"a policy for an older daemon", "accepted",
       [](Offer& o) {
         o.daemon = "0.10.0";
         o.policy.min_daemon = "0.9.9";
       }},
      {"a daemon of no version", "too-new", [](Offer& o) { o.daemon = "dev"; }},
      {"the root in force ran out", "expired",
       [](Offer& o) {
         o.clock = kNow + 365 * kDay;
         o.timestamp.expires = kNow + 400 * kDay;
       }},
      {"the root in force ran out, a newer one did not", "accepted",
       [](Offer& o) {
         o.clock = kNow + 365 * kDay;
         o.roots = {signed_root(next_root([](Root& r) { r.expires = kNow + 700 * kDay; }))};
         o.timestamp.root = 2;
         o.timestamp.expires = kNow + 366 * kDay;
         o.policy.expires = kNow + 400 * kDay;
       }},
      {"and a newer one that ran out as well", "expired",
       [](Offer& o) {
         o.clock = kNow + 365 * kDay;
         o.roots = {signed_root(next_root())};
         o.timestamp.root = 2;
       }},
  });
}

TEST_CASE("mix and match, and lengths") {
  check({
      {"another policy than the one named", "content-mismatch",
       [](Offer& o) {
         o.timestamp.policy = point_to(1, signed_policy(sample_policy(1)));
         o.name_policy = false;
         o.policy.documents[0].text += "#";
       }},
      {"longer than named", "content-mismatch",
       [](Offer& o) {
         o.timestamp.policy = point_to(1, signed_policy(sample_policy(1)));
         o.name_policy = false;
         o.policy_text = signed_policy(o.policy) + " ";
       }},
      {"another version than named", "content-mismatch",
       [](Offer& o) {
         o.timestamp.policy = point_to(2, signed_policy(sample_policy(1)));
         o.name_policy = false;
       }},
      {"a policy over the limit", "too-long",
       [](Offer& o) {
         o.name_policy = false;
         o.timestamp.policy = point_to(1, "x");
         o.policy_text = std::string(kMaxEnvelope + 1, 'x');
       }},
      {"a named length over the limit", "too-long",
       [](Offer& o) {
         o.name_policy = false;
         o.timestamp.policy = PolicyPointer{1, kMaxNumber, {}};
       }},
      {"a version past 2^53", "malformed",
       [](Offer& o) {
         std::string payload = write(o.timestamp);
         payload.replace(payload.find("\"version\":1"), 11, "\"version\":9007199254740993");
         o.timestamp_text = signed_by(Document::timestamp, payload, {kTimestampKey});
       }},
  });
}

TEST_CASE("a new root") {
  const auto step = [](const Root& root, const std::vector<uint8_t>& signers) {
    const auto next = accept_root(first_state(), signed_by(Document::root, write(root), signers));
    return next ? "accepted" : std::string(word(next.error().reason));
  };
  const Root same_keys = next_root();
  const Root new_keys = next_root([](Root& r) { hold(r, Role::root, {11, 12, 13}, 2); });
  CHECK(step(same_keys, {1, 2}) == "accepted");
  CHECK(step(same_keys, {1}) == "threshold");
  CHECK(step(same_keys, {}) == "missing-signature");
  CHECK(step(same_keys, {98, 99}) == "wrong-role");
  CHECK(step(new_keys, {1, 2, 11, 12}) == "accepted");
  CHECK(step(new_keys, {11, 12}) == "wrong-role");  // the old holders did not agree
  CHECK(step(new_keys, {1, 2}) == "wrong-role");    // the new ones did not
  CHECK(step(new_keys, {1, 2, 11}) == "threshold");
  CHECK(step(tenant_root(1), {1, 2}) == "rollback");
  CHECK(step(tenant_root(3), {1, 2}) == "root-skipped");
  CHECK(step(next_root([](Root& r) { r.tenant = "evil"; }), {1, 2}) == "content-mismatch");
  CHECK(step(next_root([](Root& r) { r.expires = 1; }), {1, 2}) == "accepted");  // as a step only
  CHECK(step(next_root([](Root& r) {
               hold(r, Role::root, {1, 2}, 2);
               r.role(Role::root).threshold = 1;
             }),
             {1}) == "threshold");

  auto twice = sign_envelope(Document::root, write(same_keys), {});
  add_signature(twice, Document::root, signing(1));
  twice.signatures.push_back(twice.signatures[0]);
  CHECK(word(accept_root(first_state(), write(twice)).error().reason) == "threshold");
}

TEST_CASE("roots are taken one after the other") {
  Offer offer;
  Root second = next_root([](Root& r) { hold(r, Role::root, {11, 12, 13}, 2); });
  Root third = tenant_root(3);
  hold(third, Role::root, {11, 12, 13}, 2);
  offer.roots = {signed_by(Document::root, write(second), {1, 2, 11, 12}),
                 signed_by(Document::root, write(third), {11, 13})};
  offer.timestamp.root = 3;
  CHECK(offer.word() == "accepted");
  std::swap(offer.roots[0], offer.roots[1]);
  CHECK(offer.word() == "wrong-role");
  offer.roots.pop_back();
  CHECK(offer.word() == "wrong-role");
}

TEST_CASE("out of the year 3000: a root that takes a stolen key away takes back what it said") {
  constexpr Millis k3000 = 32'503'680'000'000;
  Offer offer;
  offer.timestamp.version = kMaxNumber;
  offer.timestamp.time = k3000;
  offer.timestamp.expires = k3000 + kDay;
  offer.policy.version = kMaxNumber;
  offer.policy.expires = k3000 + 2 * kDay;
  Root long_root = tenant_root();
  long_root.expires = k3000 + 9 * kDay;
  offer.state = trust_first_root(signed_root(long_root), kNow).value();
  auto poisoned = offer.accept();
  REQUIRE(poisoned);

  Offer honest;
  honest.state = poisoned->state;
  CHECK(honest.word() == "rollback");
  honest.roots = {signed_root(next_root())};  // the same keys: nothing is taken back
  honest.timestamp.root = 2;
  CHECK(honest.word() == "expired");
  honest.roots = {signed_root(next_root([](Root& r) {
    hold(r, Role::timestamp, {15}, 1);
    hold(r, Role::policy, {14}, 1);
  }))};
  honest.timestamp_signers = {15};
  honest.policy_signers = {14};
  CHECK(honest.word() == "accepted");
  CHECK(honest.accept()->state.newest_time == kNow);
  honest.timestamp_signers = {kTimestampKey};
  CHECK(honest.word() == "wrong-role");
}

TEST_CASE("the first root is bound by its own signatures") {
  CHECK(trust_first_root(signed_root(tenant_root()), kNow).has_value());
  CHECK(word(trust_first_root(signed_by(Document::root, write(tenant_root()), {1}), kNow).error().reason) ==
        "threshold");
  CHECK(word(trust_first_root(signed_by(Document::root, write(tenant_root()), {}), kNow).error().reason) ==
        "missing-signature");
  CHECK(word(trust_first_root(signed_root(tenant_root()), kNow + 400 * kDay).error().reason) == "expired");
  CHECK(word(trust_first_root("", kNow).error().reason) == "malformed");
}

TEST_CASE("a refusal leaves the state as it was") {
  Offer offer;
  offer.roots = {signed_root(next_root())};
  offer.timestamp.root = 2;
  offer.policy.expires = 0;
  const TrustState before = offer.state;
  CHECK(offer.word() == "expired");
  CHECK(offer.state == before);
}

TEST_CASE("the state is written and read, and damage is seen") {
  TrustState state = state_with(7, 3);
  state.revoked = {filled<DeviceId>(1), filled<DeviceId>(2)};
  const std::string text = write(state);
  CHECK(read_trust_state(text).value() == state);
  CHECK(read_trust_state(write(first_state())).value() == first_state());
  size_t taken = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    auto broken = text;
    broken[i] = static_cast<char>(broken[i] ^ 1);
    taken += read_trust_state(broken) ? 1 : 0;
    taken += read_trust_state(text.substr(0, i)) ? 1 : 0;
  }
  CHECK(taken == 0);
  CHECK_FALSE(read_trust_state(text + "\n"));
}

TEST_CASE("what a signed answer tells of the time") {
  TrustState state = first_state();
  note_time(state, kNow);
  note_time(state, kNow - 1);
  CHECK(state.newest_time == kNow);
  CHECK(state.now(kNow + 5) == kNow + 5);
  CHECK(state.now(0) == kNow);
}

TEST_CASE("versions") {
  CHECK(compare_versions("0.1.0", "0.1.0") == 0);
  CHECK(compare_versions("0.9.0", "0.10.0") == -1);
  CHECK(compare_versions("1.0.0", "0.99.99") == 1);
  for (const char* wrong :
       {"", "1", "1.2", "1.2.3.4", "1.2.x", "-1.2.3", " 1.2.3", "1..2", "99999999999.0.0"}) {
    CAPTURE(wrong);
    CHECK_FALSE(compare_versions(wrong, "1.0.0"));
  }
}
