// Payloads of signed documents, to JSON in the order of the page.
#include "enterprise/protocol/json_text.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::wire {
namespace {

OrderedJson role_json(const RoleKeys& role) {
  OrderedJson out;
  out["keys"] = OrderedJson::array();
  for (const KeyId& id : role.keys) out["keys"].push_back(id.hex());
  out["threshold"] = role.threshold;
  return out;
}

OrderedJson pointer_json(const std::optional<PolicyPointer>& pointer) {
  if (!pointer) return nullptr;
  OrderedJson out;
  out["version"] = pointer->version;
  out["length"] = pointer->length;
  out["sha512"] = pointer->sha512.hex();
  return out;
}

}  // namespace

std::string write(const Root& root) {
  OrderedJson out;
  out["role"] = "root";
  out["version"] = root.version;
  out["tenant"] = root.tenant;
  out["collector"] = root.collector;
  out["created"] = root.created;
  out["expires"] = root.expires;
  out["keys"] = OrderedJson::object();
  for (const auto& [id, key] : root.keys) out["keys"][id.hex()] = key.hex();
  for (Role r : {Role::root, Role::policy, Role::timestamp, Role::collector, Role::enrollment}) {
    out["roles"][std::string(name(r))] = role_json(root.role(r));
  }
  out["box"] = root.box.hex();
  return dump(out);
}

std::string write(const Policy& policy) {
  OrderedJson out;
  out["role"] = "policy";
  out["version"] = policy.version;
  out["created"] = policy.created;
  out["not_before"] = policy.not_before;
  out["expires"] = policy.expires;
  out["min_daemon"] = policy.min_daemon;
  out["on_stale"] = name(policy.on_stale);
  out["documents"] = OrderedJson::array();
  for (const PolicyText& document : policy.documents) {
    OrderedJson entry;
    entry["name"] = document.name;
    entry["kind"] = document.kind == PolicyText::Kind::pack ? "pack" : "organization";
    entry["text"] = document.text;
    out["documents"].push_back(std::move(entry));
  }
  return dump(out);
}

std::string write(const Timestamp& timestamp) {
  OrderedJson out;
  out["role"] = "timestamp";
  out["version"] = timestamp.version;
  out["time"] = timestamp.time;
  out["expires"] = timestamp.expires;
  out["root"] = timestamp.root;
  out["policy"] = pointer_json(timestamp.policy);
  out["revoked"] = OrderedJson::array();
  for (const DeviceId& device : timestamp.revoked) out["revoked"].push_back(device.hex());
  return dump(out);
}

std::string write(const DeviceCertificate& certificate) {
  OrderedJson out;
  out["role"] = "device";
  out["device"] = certificate.device.hex();
  out["pub"] = certificate.pub.hex();
  out["tenant"] = certificate.tenant;
  out["groups"] = certificate.groups;
  out["chain"] = certificate.chain.hex();
  out["epoch"] = certificate.epoch;
  out["not_before"] = certificate.not_before;
  out["not_after"] = certificate.not_after;
  return dump(out);
}

}  // namespace cmdai::wire
