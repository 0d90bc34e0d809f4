#pragma once
// What a collector answers to a batch. A device forgets only what is below a verified receipt's `next`.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/keys.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

struct Receipt {
  DeviceId device;
  ChainId chain;
  uint64_t next = 1;
  Digest head;
  Millis time = 0;
  Signature signature;
};
Receipt sign_receipt(const SigningKey& collector, const DeviceId& device, const ChainId& chain, uint64_t next,
                     const Digest& head, Millis time);
/// By any of the keys of role `collector`.
Result<void> verify_receipt(const Receipt& receipt, std::span<const PublicKey> collector);
/// As a file keeps it (the device's last one, and the receipt in an export): one JSON object.
std::string write(const Receipt& receipt);
Result<Receipt> read_receipt(std::string_view text);

/// 200 to a batch. Device and chain of the receipt are not in it: who asked knows them.
struct BatchAnswer {
  uint64_t next = 1;
  Digest head;
  Millis time = 0;
  Signature receipt;
  uint64_t throttle_ms = 0;
  uint64_t timestamp = 0;             ///< version of the newest timestamp; 0: none
  std::vector<std::string> commands;  ///< envelopes
};
std::string write(const BatchAnswer& answer);
Result<BatchAnswer> read_batch_answer(std::string_view body);
/// The receipt that stands in an answer to this device.
Receipt receipt_of(const BatchAnswer& answer, const DeviceId& device, const ChainId& chain);

/// Any status but 200: `{"error":"WORD"}`; 409 `resume` with next and head.
struct ErrorAnswer {
  std::string error;
  std::optional<uint64_t> next;
  std::optional<Digest> head;
};
std::string write(const ErrorAnswer& answer);
Result<ErrorAnswer> read_error_answer(std::string_view body);

inline constexpr size_t kMaxAnswer = size_t{4} << 20;

}  // namespace cmdai::wire
