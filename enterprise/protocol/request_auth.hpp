#pragma once
// Signatures of a device's requests and of the answers to them.
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

/// Body as sent, packed or not.
inline constexpr size_t kMaxBody = size_t{2} << 20;
inline constexpr Millis kRequestWindow = 300'000;

inline constexpr std::string_view kHeaderDevice = "Cmdai-Device";
inline constexpr std::string_view kHeaderKey = "Cmdai-Key";
inline constexpr std::string_view kHeaderTime = "Cmdai-Time";
inline constexpr std::string_view kHeaderNonce = "Cmdai-Nonce";
inline constexpr std::string_view kHeaderSignature = "Cmdai-Signature";
inline constexpr std::string_view kHeaderAnswer = "Cmdai-Answer";

/// The five headers of a request.
struct RequestHeaders {
  DeviceId device;
  KeyId key;
  Millis time = 0;
  Nonce nonce;
  Signature signature;
};

/// Values of the headers as they came; empty where one is missing.
struct RawHeaders {
  std::string_view device, key, time, nonce, signature;
};
Result<RequestHeaders> read_headers(const RawHeaders& raw);

/// `target` is path and query as they stand in the request line.
RequestHeaders sign_request(const SigningKey& key, const DeviceId& device, std::string_view method,
                            std::string_view target, std::string_view body, Millis time, const Nonce& nonce);
/// Key id, signature and window (`clock`); the nonce is judged by NonceWindow, after this. Every refusal is
/// told to the other side alike (401); the word is for the collector's own log.
Result<void> verify_request(const RequestHeaders& headers, const PublicKey& key, std::string_view method,
                            std::string_view target, std::string_view body, Millis now);

/// The value of `Cmdai-Answer`.
std::string sign_answer(const SigningKey& collector, const Nonce& nonce, int status, std::string_view body);
/// By any of the keys of role `collector` (Root::public_keys).
Result<void> verify_answer(std::string_view header, std::span<const PublicKey> collector, const Nonce& nonce,
                           int status, std::string_view body);

/// Nonces that counted already. Not for several threads at once; the clock is handed in.
class NonceWindow {
 public:
  /// Over `limit` nonces in the window nothing more is accepted: memory is bounded, and what is refused can
  /// be sent again.
  explicit NonceWindow(size_t limit = 4'000'000) : limit_(limit) {}
  /// True once for each device and nonce. `time` is the request's, already found inside the window.
  bool accept(const DeviceId& device, const Nonce& nonce, Millis time, Millis now);
  size_t size() const { return size_; }

 private:
  struct Slice {
    int64_t minute = 0;
    std::unordered_set<Digest, FixedHash> seen;
  };
  Slice& slice(int64_t minute);
  void forget(Millis now);

  std::deque<Slice> slices_;  ///< by the request's minute: a replay has the same, as the time is signed
  size_t size_ = 0;
  size_t limit_;
};

}  // namespace cmdai::wire
