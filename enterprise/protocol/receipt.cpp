#include "enterprise/protocol/receipt.hpp"

#include <fmt/core.h>
#include <algorithm>

#include "enterprise/protocol/command.hpp"
#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {
namespace {

constexpr std::string_view kReceiptDomain = "cmdai-receipt-v1\n";
constexpr size_t kMaxReceipt = 2048;

std::string receipt_text(const Receipt& receipt) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n", receipt.device.hex(), receipt.chain.hex(), receipt.next,
                     receipt.head.hex(), receipt.time);
}

}  // namespace

Receipt sign_receipt(const SigningKey& collector, const DeviceId& device, const ChainId& chain, uint64_t next,
                     const Digest& head, Millis time) {
  Receipt out{device, chain, next, head, time, {}};
  out.signature = collector.sign(kReceiptDomain, receipt_text(out));
  return out;
}

Result<void> verify_receipt(const Receipt& receipt, std::span<const PublicKey> collector) {
  const std::string text = receipt_text(receipt);
  const auto fits = [&](const PublicKey& key) {
    return verify(key, kReceiptDomain, text, receipt.signature);
  };
  if (std::ranges::any_of(collector, fits)) return {};
  return refuse(Reason::bad_signature, "the receipt is not signed by the collector");
}

std::string write(const Receipt& receipt) {
  OrderedJson out;
  out["v"] = 1;
  out["device"] = receipt.device.hex();
  out["chain"] = receipt.chain.hex();
  out["next"] = receipt.next;
  out["head"] = receipt.head.hex();
  out["time"] = receipt.time;
  out["receipt"] = receipt.signature.hex();
  return dump(out);
}

Result<Receipt> read_receipt(std::string_view text) {
  const auto json = parse_object(text, kMaxReceipt);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  Receipt out;
  out.device = members.fixed<DeviceId>("device");
  out.chain = members.fixed<ChainId>("chain");
  out.next = members.number("next", 1);
  out.head = members.fixed<Digest>("head");
  out.time = members.millis("time");
  out.signature = members.fixed<Signature>("receipt");
  return finish(members, out);
}

std::string write(const BatchAnswer& answer) {
  OrderedJson out;
  out["v"] = 1;
  out["next"] = answer.next;
  out["head"] = answer.head.hex();
  out["time"] = answer.time;
  out["receipt"] = answer.receipt.hex();
  out["throttle_ms"] = answer.throttle_ms;
  out["timestamp"] = answer.timestamp;
  out["commands"] = envelopes_json(answer.commands);
  return dump(out);
}

Result<BatchAnswer> read_batch_answer(std::string_view body) {
  const auto json = parse_object(body, kMaxAnswer);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  BatchAnswer out;
  out.next = members.number("next", 1);
  out.head = members.fixed<Digest>("head");
  out.time = members.millis("time");
  out.receipt = members.fixed<Signature>("receipt");
  out.throttle_ms = members.number("throttle_ms");
  out.timestamp = members.number("timestamp");
  out.commands = members.envelopes("commands", kMaxCommands);
  return finish(members, std::move(out));
}

Receipt receipt_of(const BatchAnswer& answer, const DeviceId& device, const ChainId& chain) {
  return {device, chain, answer.next, answer.head, answer.time, answer.receipt};
}

std::string write(const ErrorAnswer& answer) {
  OrderedJson out;
  out["error"] = answer.error;
  if (answer.next) out["next"] = *answer.next;
  if (answer.head) out["head"] = answer.head->hex();
  return dump(out);
}

Result<ErrorAnswer> read_error_answer(std::string_view body) {
  const auto json = parse_object(body, 4096);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  ErrorAnswer out;
  out.error = members.text("error", 64);
  if (members.has("next")) out.next = members.number("next", 1);
  if (members.has("head")) out.head = members.fixed<Digest>("head");
  return finish(members, std::move(out));
}

}  // namespace cmdai::wire
