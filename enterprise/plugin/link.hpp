#pragma once
// Requests as the collector believes them, answers as we believe them: signs, hands over, checks the
// signature of what comes back. An answer without a good one is no answer.
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "enterprise/plugin/clock.hpp"
#include "enterprise/plugin/transport.hpp"
#include "enterprise/protocol/keys.hpp"

namespace cmdai::device {

class Link {
 public:
  Link(Transport& transport, SentLog& sent, Clock& clock)
      : transport_(transport), sent_(sent), clock_(clock) {}

  struct Signer {
    const wire::SigningKey* key = nullptr;
    wire::DeviceId device;
  };
  enum class Proof : uint8_t {
    answer,  ///< the answer's signature, by role `collector`
    content  ///< a signed document that proves itself: the answer's own signature may be missing when it is
             ///< 200
  };

  /// Signed by the device. Kind::no_answer: none came, or none that proves anything.
  Result<Incoming> exchange(const Signer& signer, std::span<const wire::PublicKey> collector,
                            Outgoing request, Proof proof = Proof::answer);
  /// Enrollment: nobody's signature yet.
  Result<Incoming> unsigned_exchange(const Outgoing& request);

  /// An answer that came had no good signature: the collector's keys may have changed.
  bool keys_in_doubt() const { return keys_in_doubt_; }
  void trust_again() { keys_in_doubt_ = false; }
  int64_t last_contact_ms() const { return last_contact_ms_; }  ///< Unix, 0: never
  const std::string& last_problem() const { return last_problem_; }
  int64_t clock_offset_ms() const { return offset_ms_; }

 private:
  Result<Incoming> send(const Outgoing& request);

  Transport& transport_;
  SentLog& sent_;
  Clock& clock_;
  int64_t offset_ms_ = 0;  ///< what a signed 401 taught about our clock; for requests alone
  int64_t last_contact_ms_ = 0;
  bool keys_in_doubt_ = false;
  std::string last_problem_;
};

}  // namespace cmdai::device
