#include "enterprise/protocol/rekey.hpp"

#include <fmt/core.h>

#include "enterprise/protocol/envelope.hpp"
#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {
namespace {

constexpr std::string_view kRekeyDomain = "cmdai-rekey-v1\n";

std::string rekey_text(const DeviceId& device, const PublicKey& pub, uint64_t epoch) {
  return fmt::format("{}\n{}\n{}\n", device.hex(), pub.hex(), epoch);
}

}  // namespace

RekeyRequest make_rekey(const SigningKey& fresh, const DeviceId& device, uint64_t epoch) {
  return {fresh.public_key(), epoch, fresh.sign(kRekeyDomain, rekey_text(device, fresh.public_key(), epoch))};
}

std::string write(const RekeyRequest& request) {
  OrderedJson out;
  out["v"] = 1;
  out["pub"] = request.pub.hex();
  out["epoch"] = request.epoch;
  out["sig"] = request.signature.hex();
  return dump(out);
}

Result<RekeyRequest> read_rekey(std::string_view body) {
  const auto json = parse_object(body, kMaxRekey);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  RekeyRequest out{members.fixed<PublicKey>("pub"), members.number("epoch", 1),
                   members.fixed<Signature>("sig")};
  return finish(members, out);
}

Result<void> check_rekey(const RekeyRequest& request, const DeviceId& device, uint64_t epoch) {
  if (!verify(request.pub, kRekeyDomain, rekey_text(device, request.pub, request.epoch), request.signature)) {
    return refuse(Reason::bad_signature, "the new key did not sign for itself");
  }
  if (request.epoch != epoch + 1)
    return refuse(Reason::rollback, fmt::format("epoch {} does not follow {}", request.epoch, epoch));
  return {};
}

std::string write_rekey_answer(std::string_view certificate) {
  OrderedJson out;
  out["v"] = 1;
  out["certificate"] = OrderedJson::parse(certificate, nullptr, false);
  return dump(out);
}

Result<std::string> read_rekey_answer(std::string_view body) {
  const auto json = parse_object(body, kMaxEnvelope);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  std::string certificate = members.envelope("certificate");
  return finish(members, std::move(certificate));
}

}  // namespace cmdai::wire
