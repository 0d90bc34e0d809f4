#pragma once
// A signed document: the payload as the very bytes that were signed, and signatures by key id.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/bytes.hpp"
#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

inline constexpr size_t kMaxEnvelope = size_t{2} << 20;
inline constexpr size_t kMaxEnvelopeSignatures = 16;

/// What a payload is. Its name makes the signature's domain (`cmdai-policy-v1\n`) and stands in the payload
/// as `role`.
enum class Document : uint8_t { root, policy, timestamp, device, command };
std::string_view name(Document document);

struct EnvelopeSignature {
  KeyId key;
  Signature signature;
};

struct Envelope {
  std::string payload;
  std::vector<EnvelopeSignature> signatures;
};

/// Who may sign a document, and how many of them it takes. A signature by anybody else does not count.
struct Signers {
  std::map<KeyId, PublicKey> holders;
  uint32_t threshold = 1;
};

Envelope sign_envelope(Document document, std::string payload, std::span<const SigningKey* const> keys);
/// One more signature, as offline holders add theirs one after the other; replaces an older one by the same
/// key.
void add_signature(Envelope& envelope, Document document, const SigningKey& key);
/// The text that travels and is stored.
std::string write(const Envelope& envelope);
/// malformed, too-long. Signatures are not judged.
Result<Envelope> read_envelope(std::string_view bytes);

/// missing-signature, bad-signature, wrong-role, threshold.
Result<void> check_signatures(const Envelope& envelope, Document document, const Signers& signers);

}  // namespace cmdai::wire
