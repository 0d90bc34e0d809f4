#include "enterprise/protocol/envelope.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <set>

#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {
namespace {

std::string domain(Document document) { return fmt::format("cmdai-{}-v1\n", name(document)); }

struct Count {
  uint32_t good = 0;
  uint32_t bad = 0;  ///< by a key that may sign, but not fitting
};

Count count_signatures(const Envelope& envelope, Document document, const Signers& signers) {
  Count count;
  std::set<KeyId> counted;
  const std::string prefix = domain(document);
  for (const EnvelopeSignature& entry : envelope.signatures) {
    const auto holder = signers.holders.find(entry.key);
    if (holder == signers.holders.end() || counted.contains(entry.key)) continue;
    if (verify(holder->second, prefix, envelope.payload, entry.signature)) {
      counted.insert(entry.key);
      ++count.good;
    } else {
      ++count.bad;
    }
  }
  return count;
}

}  // namespace

std::string_view name(Document document) {
  switch (document) {
    case Document::root: return "root";
    case Document::policy: return "policy";
    case Document::timestamp: return "timestamp";
    case Document::device: return "device";
    case Document::command: return "command";
  }
  return "";
}

Envelope sign_envelope(Document document, std::string payload, std::span<const SigningKey* const> keys) {
  Envelope envelope{std::move(payload), {}};
  for (const SigningKey* key : keys) add_signature(envelope, document, *key);
  return envelope;
}

void add_signature(Envelope& envelope, Document document, const SigningKey& key) {
  std::erase_if(envelope.signatures,
                [id = key.id()](const EnvelopeSignature& entry) { return entry.key == id; });
  envelope.signatures.push_back({key.id(), key.sign(domain(document), envelope.payload)});
}

std::string write(const Envelope& envelope) {
  OrderedJson out;
  out["signed"] = envelope.payload;
  out["signatures"] = OrderedJson::array();
  for (const EnvelopeSignature& entry : envelope.signatures) {
    OrderedJson signature;
    signature["key"] = entry.key.hex();
    signature["sig"] = entry.signature.hex();
    out["signatures"].push_back(std::move(signature));
  }
  return dump(out);
}

Result<Envelope> read_envelope(std::string_view bytes) {
  const auto json = parse_object(bytes, kMaxEnvelope);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  Envelope out;
  out.payload = members.text("signed", kMaxEnvelope);
  for (const Json& entry : members.array("signatures", kMaxEnvelopeSignatures)) {
    if (!entry.is_object()) return refuse(Reason::malformed, "a signature is no object");
    Members signature(entry);
    out.signatures.push_back({signature.fixed<KeyId>("key"), signature.fixed<Signature>("sig")});
    if (const auto& refusal = signature.refusal()) return tl::unexpected<Refusal>(*refusal);
  }
  return finish(members, std::move(out));
}

Result<void> check_signatures(const Envelope& envelope, Document document, const Signers& signers) {
  const std::string_view what = name(document);
  if (envelope.signatures.empty())
    return refuse(Reason::missing_signature, fmt::format("the {} is not signed", what));
  const Count count = count_signatures(envelope, document, signers);
  if (signers.threshold > 0 && count.good >= signers.threshold) return {};
  if (count.bad > 0)
    return refuse(Reason::bad_signature, fmt::format("a signature does not fit the {}", what));
  if (count.good == 0)
    return refuse(Reason::wrong_role, fmt::format("no key that signed the {} holds its role", what));
  return refuse(Reason::threshold,
                fmt::format("the {} has {} of {} signatures", what, count.good, signers.threshold));
}

}  // namespace cmdai::wire
