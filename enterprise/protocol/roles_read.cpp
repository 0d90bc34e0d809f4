// Payloads of signed documents, from JSON.
#include <fmt/core.h>
#include <algorithm>
#include <set>

#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/json_text.hpp"
#include "enterprise/protocol/policy_trust.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::wire {
namespace {

constexpr size_t kMaxKeys = 64;
constexpr size_t kMaxDocuments = 64;
constexpr size_t kMaxRevoked = 20'000;
constexpr size_t kMaxGroups = 64;

std::string read_name(Members& members, const char* member) {
  std::string text = members.text(member, 63);
  if (members.good() && !is_name(text))
    members.fail(Reason::malformed, fmt::format("member `{}`: not a name", member));
  return text;
}

/// One fixed value out of an array of hex texts.
template <class F>
F fixed_element(const Json& element, Members& members) {
  const auto value = element.is_string() ? F::from_hex(element.get_ref<const std::string&>()) : std::nullopt;
  if (!value) members.fail(Reason::malformed, "an element is not lower-case hex of its length");
  return value.value_or(F{});
}

std::map<KeyId, PublicKey> read_keys(Members& members) {
  std::map<KeyId, PublicKey> out;
  const Json& keys = members.object("keys");
  if (keys.size() > kMaxKeys) members.fail(Reason::too_long, "too many keys");
  for (const auto& [id_text, value] : keys.items()) {
    const auto id = KeyId::from_hex(id_text);
    const auto key = fixed_element<PublicKey>(value, members);
    if (!members.good()) return {};
    if (!id || key_id(key) != *id) {
      members.fail(Reason::malformed, "a key does not stand under its own id");
      return {};
    }
    out.emplace(*id, key);
  }
  return out;
}

RoleKeys read_role(const Json& object, const std::map<KeyId, PublicKey>& keys, Members& outer) {
  RoleKeys out;
  Members members(object);
  for (const Json& element : members.array("keys", kMaxKeys)) {
    const auto id = fixed_element<KeyId>(element, members);
    if (members.good() && !keys.contains(id))
      members.fail(Reason::malformed, "a role names a key that is not in the root");
    if (std::ranges::find(out.keys, id) != out.keys.end())
      members.fail(Reason::malformed, "a role names a key twice");
    out.keys.push_back(id);
  }
  out.threshold = static_cast<uint32_t>(members.number("threshold", 1, std::max<size_t>(out.keys.size(), 1)));
  if (out.keys.empty()) members.fail(Reason::malformed, "a role without a key");
  outer.take_over(members);
  return out;
}

PolicyText read_document(const Json& element, Members& outer) {
  PolicyText out;
  if (!element.is_object()) {
    outer.fail(Reason::malformed, "a document is no object");
    return out;
  }
  Members members(element);
  out.name = members.text("name", 128);
  const std::string kind = members.text("kind", 32);
  out.kind = kind == "pack" ? PolicyText::Kind::pack : PolicyText::Kind::organization;
  if (kind != "pack" && kind != "organization")
    members.fail(Reason::malformed, "an unknown kind of document");
  const bool plain = std::ranges::none_of(
      out.name, [](char c) { return c == '/' || c == '\\' || static_cast<uint8_t>(c) < 32; });
  if (out.name.empty() || out.name.front() == '.' || !plain)
    members.fail(Reason::malformed, "a document's name is no file name");
  out.text = members.text("text", kMaxEnvelope);
  outer.take_over(members);
  return out;
}

std::vector<PolicyText> read_documents(Members& members) {
  std::vector<PolicyText> out;
  std::set<std::string> names;
  for (const Json& element : members.array("documents", kMaxDocuments)) {
    out.push_back(read_document(element, members));
    if (!names.insert(out.back().name).second) members.fail(Reason::malformed, "two documents of one name");
  }
  return out;
}

OnStale read_on_stale(Members& members) {
  const std::string text = members.text("on_stale", 16);
  for (OnStale action : {OnStale::allow, OnStale::warn, OnStale::block}) {
    if (name(action) == text) return action;
  }
  members.fail(Reason::malformed, "member `on_stale`: expected allow, warn or block");
  return OnStale::warn;
}

std::optional<PolicyPointer> read_pointer(Members& outer) {
  if (outer.is_null("policy")) return std::nullopt;
  Members members(outer.object("policy"));
  PolicyPointer out{members.number("version", 1), members.number("length", 1),
                    members.fixed<Sha512>("sha512")};
  if (members.good() && out.length > kMaxEnvelope)
    members.fail(Reason::too_long, "the policy is over the limit");
  outer.take_over(members);
  return out;
}

}  // namespace

Result<Root> read_root(std::string_view payload) {
  const auto json = parse_object(payload, kMaxEnvelope);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.exactly("role", "root");
  Root out;
  out.version = members.number("version", 1);
  out.tenant = read_name(members, "tenant");
  out.collector = read_name(members, "collector");
  out.created = members.millis("created");
  out.expires = members.millis("expires");
  out.keys = read_keys(members);
  out.box = members.fixed<BoxPublicKey>("box");
  Members roles(members.object("roles"));
  for (Role r : {Role::root, Role::policy, Role::timestamp, Role::collector, Role::enrollment}) {
    out.role(r) = read_role(roles.object(name(r).data()), out.keys, members);
  }
  return finish(members, std::move(out));
}

Result<Policy> read_policy(std::string_view payload) {
  const auto json = parse_object(payload, kMaxEnvelope);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.exactly("role", "policy");
  Policy out;
  out.version = members.number("version", 1);
  out.created = members.millis("created");
  out.not_before = members.millis("not_before");
  out.expires = members.millis("expires");
  out.min_daemon = members.text("min_daemon", 32);
  if (members.good() && !compare_versions(out.min_daemon, out.min_daemon)) {
    members.fail(Reason::malformed, "member `min_daemon`: expected MAJOR.MINOR.PATCH");
  }
  out.on_stale = read_on_stale(members);
  out.documents = read_documents(members);
  return finish(members, std::move(out));
}

Result<Timestamp> read_timestamp(std::string_view payload) {
  const auto json = parse_object(payload, kMaxEnvelope);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.exactly("role", "timestamp");
  Timestamp out;
  out.version = members.number("version", 1);
  out.time = members.millis("time");
  out.expires = members.millis("expires");
  out.root = members.number("root", 1);
  out.policy = read_pointer(members);
  for (const Json& element : members.array("revoked", kMaxRevoked))
    out.revoked.push_back(fixed_element<DeviceId>(element, members));
  return finish(members, std::move(out));
}

Result<DeviceCertificate> read_device(std::string_view payload) {
  const auto json = parse_object(payload, kMaxEnvelope);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.exactly("role", "device");
  DeviceCertificate out;
  out.device = members.fixed<DeviceId>("device");
  out.pub = members.fixed<PublicKey>("pub");
  out.tenant = read_name(members, "tenant");
  for (const Json& element : members.array("groups", kMaxGroups)) {
    const bool good = element.is_string() && is_name(element.get_ref<const std::string&>());
    if (!good) members.fail(Reason::malformed, "a group is not a name");
    if (good) out.groups.push_back(element.get<std::string>());
  }
  out.chain = members.fixed<ChainId>("chain");
  out.epoch = members.number("epoch", 1);
  out.not_before = members.millis("not_before");
  out.not_after = members.millis("not_after");
  return finish(members, std::move(out));
}

}  // namespace cmdai::wire
