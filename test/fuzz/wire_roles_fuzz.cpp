// Envelopes and the payloads in them from any bytes: what is read can be written and read as the same. The
// first byte says what.
#include <cstdint>
#include <cstdlib>

#include "enterprise/protocol/policy_trust.hpp"

using namespace cmdai::wire;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

template <class T>
void round_trip(std::string_view text, Result<T> (*read)(std::string_view)) {
  const auto value = read(text);
  if (!value) return require(!value.error().text.empty());
  const auto again = read(write(*value));
  require(again.has_value() && *again == *value);
}

void read_signed(std::string_view text) {
  const auto envelope = read_envelope(text);
  if (!envelope) return require(!envelope.error().text.empty());
  require(envelope->signatures.size() <= kMaxEnvelopeSignatures);
  const auto again = read_envelope(write(*envelope));
  require(again.has_value() && again->payload == envelope->payload &&
          again->signatures.size() == envelope->signatures.size());
  // Nobody holds the role: whatever was signed, it is refused.
  require(!check_signatures(*envelope, Document::policy, Signers{}));
  (void)trust_first_root(text, 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'r': round_trip<Root>(text, read_root); break;
    case 'p': round_trip<Policy>(text, read_policy); break;
    case 't': round_trip<Timestamp>(text, read_timestamp); break;
    case 'd': round_trip<DeviceCertificate>(text, read_device); break;
    case 's': round_trip<TrustState>(text, read_trust_state); break;
    default: read_signed(text);
  }
  return 0;
}
