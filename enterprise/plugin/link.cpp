#include "enterprise/plugin/link.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "enterprise/protocol/request_auth.hpp"

namespace cmdai::device {

Result<Incoming> Link::send(const Outgoing& request) {
  sent_.sending(request);
  auto came = transport_.exchange(request);
  sent_.answered(came ? came->status : 0);
  if (!came) last_problem_ = came.error().text;
  return came;
}

Result<Incoming> Link::unsigned_exchange(const Outgoing& request) {
  auto came = send(request);
  if (came) last_contact_ms_ = clock_.now_ms();
  return came;
}

Result<Incoming> Link::exchange(const Signer& signer, std::span<const wire::PublicKey> collector,
                                Outgoing request, Proof proof) {
  const auto nonce = wire::random_fixed<wire::Nonce>();
  const wire::RequestHeaders headers =
      wire::sign_request(*signer.key, signer.device, request.method, request.target, request.body,
                         clock_.now_ms() + offset_ms_, nonce);
  const auto add = [&](std::string_view name, std::string value) {
    request.headers.emplace_back(std::string(name), std::move(value));
  };
  add(wire::kHeaderDevice, headers.device.hex());
  add(wire::kHeaderKey, headers.key.hex());
  add(wire::kHeaderTime, std::to_string(headers.time));
  add(wire::kHeaderNonce, headers.nonce.hex());
  add(wire::kHeaderSignature, headers.signature.hex());
  auto came = send(request);
  if (!came) return came;
  if (auto proven = wire::verify_answer(came->answer, collector, nonce, came->status, came->body); !proven) {
    keys_in_doubt_ = true;
    if (proof == Proof::content && came->status == 200) return came;
    last_problem_ = fmt::format("an answer ({}) without the collector's signature", came->status);
    return fail(Problem::Kind::no_answer, last_problem_);
  }
  last_contact_ms_ = clock_.now_ms();
  last_problem_.clear();
  if (const auto date = came->date_ms; came->status == 401 && date) {
    const int64_t wrong = *date - clock_.now_ms();
    offset_ms_ = std::llabs(wrong) > wire::kRequestWindow / 2 ? wrong : 0;
  }
  return came;
}

}  // namespace cmdai::device
