#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

std::string_view word(Reason reason) {
  switch (reason) {
    case Reason::malformed: return "malformed";
    case Reason::too_long: return "too-long";
    case Reason::missing_signature: return "missing-signature";
    case Reason::bad_signature: return "bad-signature";
    case Reason::wrong_role: return "wrong-role";
    case Reason::threshold: return "threshold";
    case Reason::rollback: return "rollback";
    case Reason::freeze: return "freeze";
    case Reason::expired: return "expired";
    case Reason::not_yet_valid: return "not-yet-valid";
    case Reason::content_mismatch: return "content-mismatch";
    case Reason::too_new: return "too-new";
    case Reason::root_skipped: return "root-skipped";
    case Reason::does_not_compile: return "does-not-compile";
    case Reason::replay: return "replay";
    case Reason::clock: return "clock";
    case Reason::not_allowed: return "not-allowed";
    case Reason::bad_mac: return "bad-mac";
    case Reason::bad_hash: return "bad-hash";
    case Reason::bad_sequence: return "bad-sequence";
    case Reason::bad_proof: return "bad-proof";
  }
  return "malformed";
}

}  // namespace cmdai::wire
