#pragma once
// Errors as values: one word that may travel (docs/collector-protocol.md), and a text for people.
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace cmdai::wire {

/// Why bytes were not taken. The words are part of the protocol: they stand in events, answers and test
/// vectors.
enum class Reason : uint8_t {
  malformed,          ///< not the format at all, or a `v` we do not know
  too_long,           ///< over a limit the page names; judged before parsing
  missing_signature,  ///< no signature at all
  bad_signature,      ///< by a key that may sign, but it does not fit the bytes
  wrong_role,         ///< signed only by keys that do not hold the role
  threshold,          ///< good signatures, but fewer than the role asks for
  rollback,           ///< older than what we have
  freeze,             ///< a timestamp that ran out
  expired,            ///< a root, policy, certificate or command that ran out
  not_yet_valid,
  content_mismatch,  ///< not the bytes, tenant or device that were named
  too_new,           ///< needs a newer daemon
  root_skipped,      ///< a root is missing between ours and this
  does_not_compile,  ///< said by who compiles the texts, never by this room
  replay,            ///< a nonce or a command counter that was there before
  clock,             ///< a request's time outside the window
  not_allowed,       ///< a command type the settings do not allow
  bad_mac,
  bad_hash,      ///< `prev`, `after` or `head` is not the hash of the event it names
  bad_sequence,  ///< numbers not in order, or left out undeclared
  bad_proof,     ///< a Merkle proof that does not lead to the root
};

/// The word as it is written: `bad-signature`.
std::string_view word(Reason reason);

struct Refusal {
  Reason reason = Reason::malformed;
  std::string text;  ///< one sentence without a full stop, for logs
};

template <class T>
using Result = tl::expected<T, Refusal>;

inline tl::unexpected<Refusal> refuse(Reason reason, std::string text) {
  return tl::unexpected<Refusal>(Refusal{reason, std::move(text)});
}

/// Unix milliseconds, UTC.
using Millis = int64_t;

/// The largest number JSON carries exactly: 2^53 - 1.
inline constexpr uint64_t kMaxNumber = (uint64_t{1} << 53) - 1;

}  // namespace cmdai::wire
