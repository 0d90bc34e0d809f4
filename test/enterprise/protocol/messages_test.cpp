// Enrollment, rekey, requests, receipts, heartbeat, commands: what both ends say to each other.
#include <doctest/doctest.h>

#include "enterprise/protocol/command.hpp"
#include "enterprise/protocol/enrollment.hpp"
#include "enterprise/protocol/heartbeat.hpp"
#include "enterprise/protocol/receipt.hpp"
#include "enterprise/protocol/rekey.hpp"
#include "enterprise/protocol/request_auth.hpp"
#include "test/enterprise/protocol/fixtures.hpp"

using namespace cmdai::wire;
using namespace cmdai::wire::fixtures;

namespace {

template <class T>
std::string judge_message(const Result<T>& read) {
  return read ? "good" : std::string(word(read.error().reason));
}

EnrollRequest sample_enrollment() {
  EnrollSecrets secrets{key_of(40), key_of(41)};
  return make_enroll(signing(kDeviceKey), BoxKey::from_seed(key_of(42)).public_key(), tenant_root(), secrets,
                     filled<ChainId>(21), filled<Nonce>(43), kNow,
                     {"build-7", "Linux", "ab12", "0.1.0", "L1"})
      .value();
}

}  // namespace

TEST_CASE("enrollment: what the collector opens is what the device sealed") {
  const auto request = read_enroll(write(sample_enrollment()));
  REQUIRE(request);
  CHECK(request->facts == DeviceFacts{"build-7", "Linux", "ab12", "0.1.0", "L1"});
  const auto box = BoxKey::from_seed(key_of(kBoxKey));
  const auto secrets = open_enroll(*request, box, "main");
  REQUIRE(secrets);
  CHECK(secrets->token.equals(key_of(40)));
  CHECK(secrets->k0.equals(key_of(41)));
  CHECK(judge_message(open_enroll(*request, BoxKey::generate(), "main")) == "malformed");
  CHECK(judge_message(open_enroll(*request, box, "other")) == "bad-signature");
}

TEST_CASE("enrollment: nothing of it can be another's") {
  const auto box = BoxKey::from_seed(key_of(kBoxKey));
  const auto changed = [&](auto change) {
    EnrollRequest request = sample_enrollment();
    change(request);
    return judge_message(open_enroll(request, box, "main"));
  };
  CHECK(changed([](EnrollRequest&) {}) == "good");
  CHECK(changed([](EnrollRequest& r) { r.pub = signing(99).public_key(); }) == "bad-signature");
  CHECK(changed([](EnrollRequest& r) { r.box.bytes[0] ^= 1; }) == "bad-signature");
  CHECK(changed([](EnrollRequest& r) { r.chain.bytes[0] ^= 1; }) == "bad-signature");
  CHECK(changed([](EnrollRequest& r) { r.nonce.bytes[0] ^= 1; }) == "bad-signature");
  CHECK(changed([](EnrollRequest& r) { r.sealed[40] = static_cast<char>(r.sealed[40] ^ 1); }) == "malformed");
  CHECK(changed([&](EnrollRequest& r) { r.sealed = seal(box.public_key(), "{}").value(); }) == "malformed");
  CHECK(judge_message(read_enroll(std::string(kMaxEnrollment + 1, ' '))) == "too-long");
  EnrollRequest long_host = sample_enrollment();
  long_host.facts.host = std::string(300, 'h');
  CHECK(judge_message(read_enroll(write(long_host))) == "too-long");
}

TEST_CASE("enrollment: the answer carries the certificate as it was signed") {
  const auto certificate = signed_certificate(sample_certificate());
  const auto answer =
      read_enroll_answer(write(EnrollAnswer{filled<DeviceId>(kDeviceKey), certificate, "sealed", kNow}));
  REQUIRE(answer);
  CHECK(answer->certificate == certificate);
  CHECK(answer->tenant_key == "sealed");
  CHECK(check_certificate(answer->certificate, tenant_root(), kNow).has_value());
}

TEST_CASE("rekey") {
  const auto device = filled<DeviceId>(kDeviceKey);
  const auto request = read_rekey(write(make_rekey(signing(50), device, 2)));
  REQUIRE(request);
  CHECK(judge_message(check_rekey(*request, device, 1)) == "good");
  CHECK(judge_message(check_rekey(*request, device, 2)) == "rollback");
  CHECK(judge_message(check_rekey(*request, device, 5)) == "rollback");
  CHECK(judge_message(check_rekey(*request, filled<DeviceId>(1), 1)) == "bad-signature");
  auto other = *request;
  other.pub = signing(51).public_key();
  CHECK(judge_message(check_rekey(other, device, 1)) == "bad-signature");
  const auto certificate = signed_certificate(sample_certificate());
  CHECK(read_rekey_answer(write_rekey_answer(certificate)).value() == certificate);
}

TEST_CASE("a request is bound to all of it") {
  const auto key = signing(kDeviceKey);
  const auto device = filled<DeviceId>(kDeviceKey);
  const auto nonce = filled<Nonce>(1);
  const auto headers = sign_request(key, device, "POST", "/v1/events?x=1", "body", kNow, nonce);
  const auto check = [&](const RequestHeaders& h, std::string_view method, std::string_view target,
                         std::string_view body, Millis now) {
    return judge_message(verify_request(h, key.public_key(), method, target, body, now));
  };
  CHECK(check(headers, "POST", "/v1/events?x=1", "body", kNow) == "good");
  CHECK(check(headers, "POST", "/v1/events?x=1", "body", kNow + kRequestWindow) == "good");
  CHECK(check(headers, "POST", "/v1/events?x=1", "body", kNow + kRequestWindow + 1) == "clock");
  CHECK(check(headers, "POST", "/v1/events?x=1", "body", kNow - kRequestWindow - 1) == "clock");
  CHECK(check(headers, "PUT", "/v1/events?x=1", "body", kNow) == "bad-signature");
  CHECK(check(headers, "POST", "/v1/events?x=2", "body", kNow) == "bad-signature");
  CHECK(check(headers, "POST", "/v1/events?x=1", "bodies", kNow) == "bad-signature");
  auto changed = headers;
  changed.device.bytes[0] ^= 1;
  CHECK(check(changed, "POST", "/v1/events?x=1", "body", kNow) == "bad-signature");
  changed = headers;
  changed.time += 1;
  CHECK(check(changed, "POST", "/v1/events?x=1", "body", kNow) == "bad-signature");
  changed = headers;
  changed.nonce.bytes[0] ^= 1;
  CHECK(check(changed, "POST", "/v1/events?x=1", "body", kNow) == "bad-signature");
  CHECK(judge_message(verify_request(headers, signing(9).public_key(), "POST", "/v1/events?x=1", "body",
                                     kNow)) == "wrong-role");
}

TEST_CASE("headers are strict") {
  const auto headers = sign_request(signing(1), filled<DeviceId>(1), "GET", "/", "", kNow, filled<Nonce>(2));
  const std::string device = headers.device.hex(), key = headers.key.hex(), nonce = headers.nonce.hex(),
                    signature = headers.signature.hex();
  CHECK(judge_message(read_headers({device, key, "1767225600000", nonce, signature})) == "good");
  CHECK(read_headers({device, key, "1767225600000", nonce, signature})->time == kNow);
  for (const char* time : {"", "-1", "01", "1e3", "1 ", "99999999999999999999", "9007199254740992"}) {
    CAPTURE(time);
    CHECK(judge_message(read_headers({device, key, time, nonce, signature})) == "malformed");
  }
  CHECK(judge_message(read_headers({"", key, "1", nonce, signature})) == "malformed");
  CHECK(judge_message(read_headers({device, key, "1", nonce, signature + "00"})) == "malformed");
}

TEST_CASE("an answer is bound to the request and to what it says") {
  const auto nonce = filled<Nonce>(1);
  const auto keys = tenant_root().public_keys(Role::collector);
  const auto header = sign_answer(signing(kCollectorKey), nonce, 200, "body");
  CHECK(judge_message(verify_answer(header, keys, nonce, 200, "body")) == "good");
  CHECK(judge_message(verify_answer(header, keys, nonce, 401, "body")) == "bad-signature");
  CHECK(judge_message(verify_answer(header, keys, nonce, 200, "")) == "bad-signature");
  CHECK(judge_message(verify_answer(header, keys, filled<Nonce>(2), 200, "body")) == "bad-signature");
  CHECK(judge_message(verify_answer("", keys, nonce, 200, "body")) == "missing-signature");
  CHECK(judge_message(verify_answer("zz", keys, nonce, 200, "body")) == "bad-signature");
  CHECK(judge_message(verify_answer(sign_answer(signing(kDeviceKey), nonce, 200, "body"), keys, nonce, 200,
                                    "body")) == "bad-signature");
}

TEST_CASE("a nonce counts once in the window, for each device") {
  NonceWindow window(1000);
  const auto a = filled<DeviceId>(1), b = filled<DeviceId>(2);
  const auto nonce = filled<Nonce>(1);
  CHECK(window.accept(a, nonce, kNow, kNow));
  CHECK_FALSE(window.accept(a, nonce, kNow, kNow));
  CHECK(window.accept(b, nonce, kNow, kNow));
  CHECK_FALSE(window.accept(a, nonce, kNow, kNow + kRequestWindow));  // still inside for its time
  CHECK(window.size() == 2);
  CHECK(window.accept(a, filled<Nonce>(2), kNow + 2 * kRequestWindow, kNow + 2 * kRequestWindow));
  CHECK(window.size() == 1);  // the old ones were forgotten
  NonceWindow small(2);
  CHECK(small.accept(a, filled<Nonce>(1), kNow, kNow));
  CHECK(small.accept(a, filled<Nonce>(2), kNow, kNow));
  CHECK_FALSE(small.accept(a, filled<Nonce>(3), kNow, kNow));
  CHECK(small.accept(a, filled<Nonce>(3), kNow + 3 * kRequestWindow, kNow + 3 * kRequestWindow));
}

TEST_CASE("a nonce is remembered as long as its request would be inside the window") {
  for (Millis offset : {-kRequestWindow, Millis{-1}, Millis{0}, Millis{59'999}, kRequestWindow}) {
    NonceWindow window;
    const auto device = filled<DeviceId>(1);
    const Millis time = kNow + offset;
    CHECK(window.accept(device, filled<Nonce>(1), time, kNow));
    for (Millis now = kNow; now <= time + kRequestWindow; now += 10'000) {
      window.accept(device, random_fixed<Nonce>(), now, now);
      CHECK_FALSE(window.accept(device, filled<Nonce>(1), time, now));
    }
  }
}

TEST_CASE("a receipt") {
  const auto keys = tenant_root().public_keys(Role::collector);
  const auto receipt = sign_receipt(signing(kCollectorKey), filled<DeviceId>(1), filled<ChainId>(2), 41,
                                    filled<Digest>(3), kNow);
  CHECK(judge_message(verify_receipt(receipt, keys)) == "good");
  CHECK(judge_message(verify_receipt(read_receipt(write(receipt)).value(), keys)) == "good");
  auto changed = receipt;
  changed.next = 42;
  CHECK(judge_message(verify_receipt(changed, keys)) == "bad-signature");
  changed = receipt;
  changed.chain.bytes[3] ^= 1;
  CHECK(judge_message(verify_receipt(changed, keys)) == "bad-signature");
  CHECK(judge_message(verify_receipt(receipt, {})) == "bad-signature");

  BatchAnswer answer{receipt.next,
                     receipt.head,
                     receipt.time,
                     receipt.signature,
                     250,
                     7,
                     {signed_certificate(sample_certificate())}};
  const auto read = read_batch_answer(write(answer));
  REQUIRE(read);
  CHECK(read->throttle_ms == 250);
  CHECK(read->commands == answer.commands);
  CHECK(judge_message(verify_receipt(receipt_of(*read, receipt.device, receipt.chain), keys)) == "good");
  CHECK(judge_message(verify_receipt(receipt_of(*read, filled<DeviceId>(9), receipt.chain), keys)) ==
        "bad-signature");
}

TEST_CASE("an error answer") {
  CHECK(write(ErrorAnswer{"fork", {}, {}}) == R"({"error":"fork"})");
  const auto resume = read_error_answer(write(ErrorAnswer{"resume", 5, filled<Digest>(1)}));
  REQUIRE(resume);
  CHECK(resume->error == "resume");
  CHECK(resume->next == 5);
  CHECK(resume->head == filled<Digest>(1));
  CHECK(judge_message(read_error_answer("<html>")) == "malformed");
}

TEST_CASE("a heartbeat and its answer") {
  Heartbeat beat;
  beat.next = 12;
  beat.oldest = 10;
  beat.spool = SpoolState::digest;
  beat.stale = true;
  beat.version = "0.1.0";
  beat.binary = std::string(64, 'a');
  beat.assurance = "L1";
  beat.posture = R"({"hooks":[{"shell":"bash","state":"ok"}]})";
  const auto read = read_heartbeat(write(beat));
  REQUIRE(read);
  CHECK(read->posture == beat.posture);
  CHECK(read->spool == SpoolState::digest);
  CHECK(write(*read) == write(beat));
  beat.oldest = 13;
  CHECK(judge_message(read_heartbeat(write(beat))) == "malformed");
  beat.posture = "not json";
  CHECK(write(beat).find(R"("posture":{}})") != std::string::npos);
  const HeartbeatAnswer answer{kNow, 3, "note\n", {signed_certificate(sample_certificate())}};
  CHECK(write(read_heartbeat_answer(write(answer)).value()) == write(answer));
}

TEST_CASE("a command is for this device, newer than the last, in time and allowed") {
  const Root root = tenant_root();
  const auto device = filled<DeviceId>(kDeviceKey);
  const Command command{device, 5, kNow + 1000, "pull-policy"};
  const auto envelope = signed_by(Document::command, write(command), {kCollectorKey});
  CHECK(accept_command(envelope, root, device, 4, {"pull-policy"}, kNow).value() == command);
  CHECK(judge_message(accept_command(envelope, root, device, 5, {"pull-policy"}, kNow)) == "replay");
  CHECK(judge_message(accept_command(envelope, root, filled<DeviceId>(1), 4, {"pull-policy"}, kNow)) ==
        "content-mismatch");
  CHECK(judge_message(accept_command(envelope, root, device, 4, {"pull-policy"}, kNow + 1000)) == "expired");
  CHECK(judge_message(accept_command(envelope, root, device, 4, {"heartbeat"}, kNow)) == "not-allowed");
  CHECK(judge_message(accept_command(signed_by(Document::command, write(command), {kTimestampKey}), root,
                                     device, 4, {"pull-policy"}, kNow)) == "wrong-role");
  CHECK(judge_message(accept_command(signed_by(Document::device, write(command), {kCollectorKey}), root,
                                     device, 4, {"pull-policy"}, kNow)) == "bad-signature");
}
