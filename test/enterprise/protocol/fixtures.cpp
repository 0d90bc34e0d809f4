#include "test/enterprise/protocol/fixtures.hpp"

#include <fmt/format.h>
#include <stdexcept>

#include "enterprise/protocol/event_line.hpp"

namespace cmdai::wire::fixtures {

Key32 key_of(uint8_t n) { return *Key32::from_bytes(std::string(32, static_cast<char>(n))); }

SigningKey signing(uint8_t n) { return SigningKey::from_seed(key_of(n)); }

void hold(Root& root, Role role, const std::vector<uint8_t>& seeds, uint32_t threshold) {
  root.role(role) = {{}, threshold};
  for (uint8_t seed : seeds) {
    const SigningKey key = signing(seed);
    root.keys[key.id()] = key.public_key();
    root.role(role).keys.push_back(key.id());
  }
}

Root tenant_root(uint64_t version) {
  Root root;
  root.version = version;
  root.tenant = "acme";
  root.collector = "main";
  root.created = kNow - kDay;
  root.expires = kNow + 365 * kDay;
  hold(root, Role::root, {1, 2, 3}, 2);
  hold(root, Role::policy, {kPolicyKey}, 1);
  hold(root, Role::timestamp, {kTimestampKey}, 1);
  hold(root, Role::collector, {kCollectorKey}, 1);
  hold(root, Role::enrollment, {kEnrollmentKey}, 1);
  root.box = BoxKey::from_seed(key_of(kBoxKey)).public_key();
  return root;
}

std::string signed_by(Document document, std::string payload, const std::vector<uint8_t>& seeds) {
  Envelope envelope{std::move(payload), {}};
  for (uint8_t seed : seeds) add_signature(envelope, document, signing(seed));
  return write(envelope);
}

std::string signed_root(const Root& root) { return signed_by(Document::root, write(root), {1, 2}); }

Policy sample_policy(uint64_t version) {
  Policy policy;
  policy.version = version;
  policy.created = policy.not_before = kNow - kDay;
  policy.expires = kNow + 30 * kDay;
  policy.min_daemon = "0.1.0";
  policy.documents = {{"organization.toml", PolicyText::Kind::organization, "mode = \"enforce\"\n"},
                      {"acme.toml", PolicyText::Kind::pack, "family = \"acme\"\n"}};
  return policy;
}

std::string signed_policy(const Policy& policy) {
  return signed_by(Document::policy, write(policy), {kPolicyKey});
}

Timestamp timestamp_for(uint64_t version, uint64_t policy_version, std::string_view policy_envelope) {
  Timestamp timestamp;
  timestamp.version = version;
  timestamp.time = kNow;
  timestamp.expires = kNow + kDay;
  if (policy_version > 0) timestamp.policy = point_to(policy_version, policy_envelope);
  return timestamp;
}

std::string signed_timestamp(const Timestamp& timestamp) {
  return signed_by(Document::timestamp, write(timestamp), {kTimestampKey});
}

TrustState first_state() { return trust_first_root(signed_root(tenant_root()), kNow).value(); }

DeviceCertificate sample_certificate() {
  const Device device;
  return {device.id,   device.key.public_key(), "acme", {"developers"}, device.chain, 1,
          kNow - kDay, kNow + 90 * kDay};
}

std::string signed_certificate(const DeviceCertificate& certificate) {
  return signed_by(Document::device, write(certificate), {kEnrollmentKey});
}

Device::Device(uint8_t n)
    : id(filled<DeviceId>(n)),
      chain(filled<ChainId>(static_cast<uint8_t>(n + 1))),
      boot(filled<BootId>(static_cast<uint8_t>(n + 2))),
      key(signing(n)),
      k0(key_of(static_cast<uint8_t>(n + 3))),
      ratchet(k0.clone(), 1) {}

void Device::event(std::string_view type, std::string_view body) {
  std::string line;
  write_event_head(line, {ratchet.seq(), head, chain, type});
  line += body;
  head = hash(line);
  numbers.push_back(ratchet.seq());
  macs.push_back(ratchet.mac(head));
  ratchet.step();
  lines.push_back(std::move(line));
}

void Device::events(size_t count) {
  for (size_t i = 0; i < count; ++i) event();
}

void Device::lose(uint64_t count) {
  if (!ratchet.skip_to(ratchet.seq() + count)) throw std::logic_error("a gap that long is not allowed");
}

void Device::gap(uint64_t count, std::string_view cause) {
  const Gap gap{ratchet.seq(), ratchet.seq() + count - 1, std::string(cause), boot};
  lose(count);
  event(kGapType, write_gap(gap) + "}");
}

BatchHeader Device::header(size_t begin, bool insist) const {
  BatchHeader out;
  out.device = id;
  out.chain = chain;
  out.boot = boot;
  out.after = begin == 0 ? Digest{} : hash(lines[begin - 1]);
  out.time = kNow;
  out.insist = insist;
  return out;
}

std::vector<MacLine> Device::mac_lines(size_t begin, size_t end) const {
  std::vector<MacLine> out;
  for (size_t i = begin; i < end; ++i) out.push_back({macs[i], lines[i]});
  return out;
}

std::string Device::batch(size_t begin, size_t end, bool insist) const {
  return build_batch(header(begin, insist), mac_lines(begin, end), key).value();
}

}  // namespace cmdai::wire::fixtures
