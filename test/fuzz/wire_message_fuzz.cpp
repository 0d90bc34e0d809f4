// Requests and answers of both ends from any bytes: what is read can be written and read as the same. The
// first byte says what.
#include <cstdint>
#include <cstdlib>

#include "enterprise/protocol/command.hpp"
#include "enterprise/protocol/enrollment.hpp"
#include "enterprise/protocol/heartbeat.hpp"
#include "enterprise/protocol/receipt.hpp"
#include "enterprise/protocol/rekey.hpp"
#include "enterprise/protocol/request_auth.hpp"

using namespace cmdai::wire;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

template <class T>
void round_trip(std::string_view text, Result<T> (*read)(std::string_view)) {
  const auto value = read(text);
  if (!value) return require(!value.error().text.empty());
  const std::string written = write(*value);
  const auto again = read(written);
  require(again.has_value() && write(*again) == written);
}

void read_sealed(std::string_view text) {
  round_trip<EnrollRequest>(text, read_enroll);
  static const BoxKey box = BoxKey::from_seed(*Key32::from_bytes(std::string(32, '\x08')));
  if (const auto request = read_enroll(text)) (void)open_enroll(*request, box, "main");
}

void read_raw_headers(std::string_view text) {
  const size_t a = text.size() / 5;
  (void)read_headers({text.substr(0, a), text.substr(a, a), text.substr(2 * a, a), text.substr(3 * a, a),
                      text.substr(4 * a)});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'e': read_sealed(text); break;
    case 'E': round_trip<EnrollAnswer>(text, read_enroll_answer); break;
    case 'k': round_trip<RekeyRequest>(text, read_rekey); break;
    case 'K': (void)read_rekey_answer(text); break;
    case 'h': round_trip<Heartbeat>(text, read_heartbeat); break;
    case 'H': round_trip<HeartbeatAnswer>(text, read_heartbeat_answer); break;
    case 'b': round_trip<BatchAnswer>(text, read_batch_answer); break;
    case 'r': round_trip<Receipt>(text, read_receipt); break;
    case 'x': round_trip<ErrorAnswer>(text, read_error_answer); break;
    case 'c': round_trip<Command>(text, read_command); break;
    default: read_raw_headers(text);
  }
  return 0;
}
