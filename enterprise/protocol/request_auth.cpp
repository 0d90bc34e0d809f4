#include "enterprise/protocol/request_auth.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>

#include "enterprise/protocol/hashing.hpp"

namespace cmdai::wire {
namespace {

constexpr std::string_view kRequestDomain = "cmdai-req-v1\n";
constexpr std::string_view kAnswerDomain = "cmdai-answer-v1\n";

std::string request_text(const RequestHeaders& headers, std::string_view method, std::string_view target,
                         std::string_view body) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n", method, target, headers.device.hex(), headers.key.hex(),
                     headers.time, headers.nonce.hex(), hash(body).hex());
}

std::string answer_text(const Nonce& nonce, int status, std::string_view body) {
  return fmt::format("{}\n{}\n{}\n", nonce.hex(), status, hash(body).hex());
}

/// A whole number as JSON would have it: no sign, no leading zero.
std::optional<Millis> read_time(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > kMaxNumber)
    return std::nullopt;
  if (text.front() == '0' && text.size() > 1) return std::nullopt;
  return static_cast<Millis>(value);
}

}  // namespace

Result<RequestHeaders> read_headers(const RawHeaders& raw) {
  const auto device = DeviceId::from_hex(raw.device);
  const auto key = KeyId::from_hex(raw.key);
  const auto time = read_time(raw.time);
  const auto nonce = Nonce::from_hex(raw.nonce);
  const auto signature = Signature::from_hex(raw.signature);
  if (!device || !key || !time || !nonce || !signature)
    return refuse(Reason::malformed, "headers of a signed request are missing");
  return RequestHeaders{*device, *key, *time, *nonce, *signature};
}

RequestHeaders sign_request(const SigningKey& key, const DeviceId& device, std::string_view method,
                            std::string_view target, std::string_view body, Millis time, const Nonce& nonce) {
  RequestHeaders out{device, key.id(), time, nonce, {}};
  out.signature = key.sign(kRequestDomain, request_text(out, method, target, body));
  return out;
}

Result<void> verify_request(const RequestHeaders& headers, const PublicKey& key, std::string_view method,
                            std::string_view target, std::string_view body, Millis now) {
  if (body.size() > kMaxBody) return refuse(Reason::too_long, "the body is over 2 MiB");
  if (headers.key != key_id(key)) return refuse(Reason::wrong_role, "not the device's key");
  if (!verify(key, kRequestDomain, request_text(headers, method, target, body), headers.signature)) {
    return refuse(Reason::bad_signature, "the signature does not fit the request");
  }
  if (headers.time < now - kRequestWindow || headers.time > now + kRequestWindow) {
    return refuse(Reason::clock, fmt::format("the request's time is {} ms off", headers.time - now));
  }
  return {};
}

std::string sign_answer(const SigningKey& collector, const Nonce& nonce, int status, std::string_view body) {
  return collector.sign(kAnswerDomain, answer_text(nonce, status, body)).hex();
}

Result<void> verify_answer(std::string_view header, std::span<const PublicKey> collector, const Nonce& nonce,
                           int status, std::string_view body) {
  if (header.empty()) return refuse(Reason::missing_signature, "the answer is not signed");
  const auto signature = Signature::from_hex(header);
  const std::string text = answer_text(nonce, status, body);
  const auto fits = [&](const PublicKey& key) { return verify(key, kAnswerDomain, text, *signature); };
  if (signature && std::ranges::any_of(collector, fits)) return {};
  return refuse(Reason::bad_signature, "the answer is not signed by the collector");
}

namespace {
constexpr Millis kMinute = 60'000;
}

bool NonceWindow::accept(const DeviceId& device, const Nonce& nonce, Millis time, Millis now) {
  forget(now);
  if (size_ >= limit_) return false;
  Digest key;
  std::ranges::copy(device.bytes, key.bytes.begin());
  std::ranges::copy(nonce.bytes, key.bytes.begin() + DeviceId::size);
  const bool fresh = slice(time / kMinute).seen.insert(key).second;
  size_ += fresh ? 1 : 0;
  return fresh;
}

NonceWindow::Slice& NonceWindow::slice(int64_t minute) {
  const auto at = std::ranges::lower_bound(slices_, minute, {}, &Slice::minute);
  if (at != slices_.end() && at->minute == minute) return *at;
  return *slices_.insert(at, Slice{minute, {}});
}

/// What is older than the window can be refused by its time alone.
void NonceWindow::forget(Millis now) {
  while (!slices_.empty() && (slices_.front().minute + 1) * kMinute < now - kRequestWindow) {
    size_ -= slices_.front().seen.size();
    slices_.pop_front();
  }
}

}  // namespace cmdai::wire
