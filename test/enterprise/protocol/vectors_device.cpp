// Vectors of what a device makes: hashes, keys, events, batches, requests.
#include <fmt/format.h>

#include "enterprise/protocol/command.hpp"
#include "enterprise/protocol/enrollment.hpp"
#include "enterprise/protocol/receipt.hpp"
#include "enterprise/protocol/rekey.hpp"
#include "enterprise/protocol/request_auth.hpp"
#include "test/enterprise/protocol/fixtures.hpp"
#include "test/enterprise/protocol/vectors.hpp"

namespace cmdai::wire::vectors {

using namespace fixtures;

namespace {

Device sample_device() {
  Device device;
  device.events(3);
  device.event("finished", R"("time_ms":1767225600001,"result":{"exit_code":0}})");
  device.gap(12);
  device.event("command.decision", "\"cmd\":{\"line\":\"echo \u00e4 \\\"x\\\"\"}}");
  return device;
}

std::string word_of(const BatchFinding& finding, uint64_t& seq) {
  if (const auto* broken = std::get_if<Broken>(&finding)) {
    seq = broken->seq;
    return std::string(word(broken->refusal.reason));
  }
  if (const auto* fork = std::get_if<Fork>(&finding)) {
    seq = fork->seq;
    return "fork";
  }
  if (std::holds_alternative<Resume>(finding)) return "resume";
  return std::holds_alternative<Duplicate>(finding) ? "duplicate" : "stored";
}

/// A batch that reaches a collector which knows nothing of the chain.
Json batch_row(const char* what, const Device& device, const std::string& text) {
  Json row;
  row["what"] = what;
  row["batch"] = text;
  uint64_t seq = 0;
  const auto batch = read_batch(text);
  row["word"] = batch ? word_of(check_batch(*batch, device.owner(), device.fresh_state(),
                                            [](uint64_t) { return std::nullopt; }),
                                seq)
                      : std::string(word(batch.error().reason));
  if (seq != 0) row["seq"] = seq;
  return row;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  return text.replace(text.find(what), what.size(), by);
}

Json event_row(const Device& device, const Ratchet& ratchet, size_t i) {
  Json row;
  row["line"] = device.lines[i];
  row["h"] = hash(device.lines[i]).hex();
  row["key"] = to_hex(ratchet.key().view());
  row["mac"] = device.macs[i].hex();
  return row;
}

Json refused_heads() {
  const std::string good = sample_device().lines[0];
  Json out = Json::array();
  for (const std::string& line :
       {std::string("{}"), " " + good, good + " ", replaced(good, "\"v\":1", "\"v\":2"),
        replaced(good, "\"seq\":1", "\"seq\":01"), replaced(good, "\"seq\":1", "\"seq\":0"),
        replaced(good, "\"seq\":1", "\"seq\":9007199254740992"),
        replaced(good, "\"prev\":\"00", "\"prev\":\"0A"), replaced(good, "command.decision", "Command"),
        replaced(good, "\"time_ms\":1767225600000}", "}")}) {
    out.push_back({{"line", line}, {"word", word(read_event_head(line).error().reason)}});
  }
  return out;
}

Json request_json() {
  Json out;
  const std::string body = "the body as it was sent";
  const auto headers = sign_request(signing(kDeviceKey), filled<DeviceId>(kDeviceKey), "POST",
                                    "/v1/events?x=1", body, kNow, filled<Nonce>(7));
  out["method"] = "POST";
  out["target"] = "/v1/events?x=1";
  out["body"] = body;
  out["headers"] = {{"Cmdai-Device", headers.device.hex()},
                    {"Cmdai-Key", headers.key.hex()},
                    {"Cmdai-Time", std::to_string(headers.time)},
                    {"Cmdai-Nonce", headers.nonce.hex()},
                    {"Cmdai-Signature", headers.signature.hex()}};
  out["pub"] = signing(kDeviceKey).public_key().hex();
  out["answer"] = {
      {"status", 409},
      {"body", R"({"error":"fork"})"},
      {"Cmdai-Answer", sign_answer(signing(kCollectorKey), headers.nonce, 409, R"({"error":"fork"})")},
      {"pub", signing(kCollectorKey).public_key().hex()}};
  return out;
}

Json enrollment_json() {
  Json out;
  const EnrollSecrets secrets{key_of(40), key_of(41)};
  const auto request =
      make_enroll(signing(kDeviceKey), BoxKey::from_seed(key_of(42)).public_key(), tenant_root(), secrets,
                  filled<ChainId>(21), filled<Nonce>(43), kNow, {"build-7", "Linux", "ab12", "0.1.0", "L1"});
  out["body"] = write(request.value());
  out["box_seed"] = to_hex(key_of(kBoxKey).view());
  out["collector"] = tenant_root().collector;
  out["token"] = to_hex(secrets.token.view());
  out["token_hash"] = token_hash(secrets.token).hex();
  out["k0"] = to_hex(secrets.k0.view());
  out["answer"] =
      write(EnrollAnswer{filled<DeviceId>(kDeviceKey), signed_certificate(sample_certificate()),
                         seal(BoxKey::from_seed(key_of(42)).public_key(), key_of(44).view()).value(), kNow});
  out["device_box_seed"] = to_hex(key_of(42).view());
  out["tenant_key"] = to_hex(key_of(44).view());
  return out;
}

}  // namespace

Json primitives() {
  Json out;
  const Key32 key = key_of(9);
  for (const std::string& text : {std::string(), std::string("abc"), std::string(1000, 'x')}) {
    out["hashes"].push_back({{"text", text},
                             {"H", hash(text).hex()},
                             {"MAC", mac(key, text).hex()},
                             {"KDF", to_hex(derive(key, text).view())}});
  }
  out["key"] = to_hex(key.view());
  for (uint8_t seed : std::vector<uint8_t>{1, 2, 20}) {
    const auto pair = signing(seed);
    out["signatures"].push_back({{"seed", to_hex(pair.seed().view())},
                                 {"pub", pair.public_key().hex()},
                                 {"id", pair.id().hex()},
                                 {"domain", "cmdai-test-v1\n"},
                                 {"message", "text"},
                                 {"sig", pair.sign("cmdai-test-v1\n", "text").hex()}});
  }
  return out;
}

Json events() {
  const Device device = sample_device();
  Json out;
  out["k0"] = to_hex(device.k0.view());
  out["chain"] = device.chain.hex();
  Ratchet ratchet(device.k0.clone(), 1);
  for (size_t i = 0; i < device.lines.size(); ++i) {
    ratchet.skip_to(device.numbers[i]);
    out["events"].push_back(event_row(device, ratchet, i));
  }
  out["refused"] = refused_heads();
  return out;
}

Json batches() {
  Json out;
  const Device device = sample_device();
  const std::string good = device.batch();
  out["pub"] = device.key.public_key().hex();
  out["device"] = device.id.hex();
  out["chain"] = device.chain.hex();
  out["k0"] = to_hex(device.k0.view());
  Json& rows = out["batches"];
  rows.push_back(batch_row("as it should be", device, good));
  rows.push_back(batch_row("its beginning is not there", device, device.batch(2, 4)));
  rows.push_back(batch_row("a header that was changed", device, replaced(good, "\"time\":1", "\"time\":2")));
  rows.push_back(batch_row("cut in a line", device, good.substr(0, good.size() - 1)));
  rows.push_back(
      batch_row("an event too few", device, good.substr(0, good.rfind('\n', good.size() - 2) + 1)));
  rows.push_back(batch_row("an event changed", device, replaced(good, "exit_code\":0", "exit_code\":1")));
  rows.push_back(
      batch_row("a header's number as text", device, replaced(good, "\"first\":1", "\"first\":\"1\"")));
  const auto with = [&](const char* what, auto change) {
    Device other = sample_device();
    change(other);
    rows.push_back(batch_row(what, other, other.batch()));
  };
  with("a wrong MAC", [](Device& d) { d.macs[2].bytes[0] ^= 1; });
  with("two events swapped", [](Device& d) { std::swap(d.lines[1], d.lines[2]); });
  with("an event left out", [](Device& d) {
    d.lines.erase(d.lines.begin() + 1);
    d.macs.erase(d.macs.begin() + 1);
  });
  with("numbers left out and not declared", [](Device& d) {
    d.lose(3);
    d.events(1);
  });
  with("a gap that declares other numbers", [](Device& d) {
    const Gap gap{d.ratchet.seq(), d.ratchet.seq() + 1, "disk-full", d.boot};
    d.lose(3);
    d.event(kGapType, write_gap(gap) + "}");
  });
  with("an event of another chain", [](Device& d) {
    d.chain.bytes[0] ^= 1;
    d.events(1);
    d.chain.bytes[0] ^= 1;
  });
  return out;
}

Json messages() {
  Json out;
  out["request"] = request_json();
  out["enrollment"] = enrollment_json();
  const auto rekey = make_rekey(signing(50), filled<DeviceId>(kDeviceKey), 2);
  out["rekey"] = {{"body", write(rekey)}, {"device", filled<DeviceId>(kDeviceKey).hex()}};
  const auto receipt = sign_receipt(signing(kCollectorKey), filled<DeviceId>(kDeviceKey), filled<ChainId>(21),
                                    19, filled<Digest>(3), kNow);
  const auto command =
      signed_by(Document::command,
                write(Command{filled<DeviceId>(kDeviceKey), 5, kNow + 1000, "pull-policy"}), {kCollectorKey});
  out["receipt"] = {
      {"device", receipt.device.hex()},
      {"chain", receipt.chain.hex()},
      {"pub", signing(kCollectorKey).public_key().hex()},
      {"body",
       write(BatchAnswer{receipt.next, receipt.head, receipt.time, receipt.signature, 0, 1, {command}})}};
  return out;
}

}  // namespace cmdai::wire::vectors
