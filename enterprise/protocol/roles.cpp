#include "enterprise/protocol/roles.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <set>

#include "enterprise/protocol/hashing.hpp"

namespace cmdai::wire {

std::string_view name(Role role) {
  switch (role) {
    case Role::root: return "root";
    case Role::policy: return "policy";
    case Role::timestamp: return "timestamp";
    case Role::collector: return "collector";
    case Role::enrollment: return "enrollment";
  }
  return "";
}

std::string_view name(OnStale action) {
  switch (action) {
    case OnStale::allow: return "allow";
    case OnStale::warn: return "warn";
    case OnStale::block: return "block";
  }
  return "";
}

bool is_name(std::string_view text) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > 63 || !alphanumeric(text.front())) return false;
  return std::ranges::all_of(text,
                             [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

Signers Root::signers(Role r) const {
  Signers out;
  out.threshold = role(r).threshold;
  for (const KeyId& id : role(r).keys) {
    if (const auto it = keys.find(id); it != keys.end()) out.holders.insert(*it);
  }
  return out;
}

std::vector<PublicKey> Root::public_keys(Role r) const {
  std::vector<PublicKey> out;
  for (const KeyId& id : role(r).keys) {
    if (const auto it = keys.find(id); it != keys.end()) out.push_back(it->second);
  }
  return out;
}

std::string Root::origin() const { return fmt::format("cmdai/{}/{}", tenant, collector); }

PolicyPointer point_to(uint64_t version, std::string_view envelope) {
  return {version, envelope.size(), sha512(envelope)};
}

Result<DeviceCertificate> check_certificate(std::string_view envelope, const Root& root, Millis now) {
  const auto read = read_envelope(envelope);
  if (!read) return tl::unexpected<Refusal>(read.error());
  if (auto good = check_signatures(*read, Document::device, root.signers(Role::enrollment)); !good) {
    return tl::unexpected<Refusal>(good.error());
  }
  auto certificate = read_device(read->payload);
  if (!certificate) return certificate;
  if (certificate->tenant != root.tenant)
    return refuse(Reason::content_mismatch, "the certificate is of another tenant");
  if (certificate->not_before > now) return refuse(Reason::not_yet_valid, "the certificate is not valid yet");
  if (certificate->not_after <= now) return refuse(Reason::expired, "the certificate ran out");
  return certificate;
}

}  // namespace cmdai::wire
