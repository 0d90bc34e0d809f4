#include "enterprise/protocol/enrollment.hpp"

#include <fmt/core.h>

#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/json_text.hpp"

namespace cmdai::wire {
namespace {

constexpr std::string_view kEnrollDomain = "cmdai-enroll-v1\n";
constexpr size_t kMaxFact = 256;
constexpr size_t kMaxSealed = 1024;

std::string enroll_text(const EnrollRequest& request, const Digest& token, std::string_view collector) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n", token.hex(), request.pub.hex(), request.box.hex(),
                     hash(request.sealed).hex(), collector, request.chain.hex(), request.nonce.hex());
}

/// What is sealed: written by hand so that no library keeps a copy of the secrets.
std::string secrets_text(const EnrollSecrets& secrets) {
  std::string out = R"({"token":")";
  out.reserve(192);
  std::string token = to_hex(secrets.token.view());
  std::string k0 = to_hex(secrets.k0.view());
  out.append(token).append(R"(","k0":")").append(k0).append(R"("})");
  wipe(token);
  wipe(k0);
  return out;
}

/// The inverse, by exact bytes.
std::optional<EnrollSecrets> read_secrets(std::string_view text) {
  constexpr std::string_view kBefore = R"({"token":")";
  constexpr std::string_view kBetween = R"(","k0":")";
  constexpr std::string_view kAfter = R"("})";
  if (text.size() != kBefore.size() + 64 + kBetween.size() + 64 + kAfter.size()) return std::nullopt;
  if (!text.starts_with(kBefore) || !text.ends_with(kAfter)) return std::nullopt;
  if (text.substr(kBefore.size() + 64, kBetween.size()) != kBetween) return std::nullopt;
  auto token = Key32::from_hex(text.substr(kBefore.size(), 64));
  auto k0 = Key32::from_hex(text.substr(kBefore.size() + 64 + kBetween.size(), 64));
  if (!token || !k0) return std::nullopt;
  return EnrollSecrets{std::move(*token), std::move(*k0)};
}

}  // namespace

Digest token_hash(const Key32& token) { return hash(token.view()); }

Result<EnrollRequest> make_enroll(const SigningKey& device, const BoxPublicKey& box, const Root& root,
                                  const EnrollSecrets& secrets, const ChainId& chain, const Nonce& nonce,
                                  Millis time, DeviceFacts facts) {
  std::string plain = secrets_text(secrets);
  auto sealed = seal(root.box, plain);
  wipe(plain);
  if (!sealed) return refuse(Reason::malformed, "the root's box key is no key");
  EnrollRequest out{device.public_key(), box, std::move(*sealed), chain, nonce, time, std::move(facts), {}};
  out.signature = device.sign(kEnrollDomain, enroll_text(out, token_hash(secrets.token), root.collector));
  return out;
}

std::string write(const EnrollRequest& request) {
  OrderedJson out;
  out["v"] = 1;
  out["pub"] = request.pub.hex();
  out["box"] = request.box.hex();
  out["sealed"] = to_hex(request.sealed);
  out["chain"] = request.chain.hex();
  out["nonce"] = request.nonce.hex();
  out["time"] = request.time;
  out["host"] = request.facts.host;
  out["os"] = request.facts.os;
  out["serial_hash"] = request.facts.serial_hash;
  out["version"] = request.facts.version;
  out["assurance"] = request.facts.assurance;
  out["sig"] = request.signature.hex();
  return dump(out);
}

Result<EnrollRequest> read_enroll(std::string_view body) {
  const auto json = parse_object(body, kMaxEnrollment);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  EnrollRequest out;
  out.pub = members.fixed<PublicKey>("pub");
  out.box = members.fixed<BoxPublicKey>("box");
  out.sealed = members.hex("sealed", kMaxSealed);
  out.chain = members.fixed<ChainId>("chain");
  out.nonce = members.fixed<Nonce>("nonce");
  out.time = members.millis("time");
  out.facts = {members.text("host", kMaxFact), members.text("os", kMaxFact),
               members.text("serial_hash", kMaxFact), members.text("version", kMaxFact),
               members.text("assurance", kMaxFact)};
  out.signature = members.fixed<Signature>("sig");
  return finish(members, std::move(out));
}

Result<EnrollSecrets> open_enroll(const EnrollRequest& request, const BoxKey& box,
                                  std::string_view collector) {
  auto plain = box.open(request.sealed);
  if (!plain) return refuse(Reason::malformed, "the seal does not open with this collector's key");
  auto secrets = read_secrets(*plain);
  wipe(*plain);
  if (!secrets) return refuse(Reason::malformed, "what was sealed is no token and key");
  if (!verify(request.pub, kEnrollDomain, enroll_text(request, token_hash(secrets->token), collector),
              request.signature)) {
    return refuse(Reason::bad_signature, "the new key did not sign this enrollment");
  }
  return std::move(*secrets);
}

std::string write(const EnrollAnswer& answer) {
  OrderedJson out;
  out["v"] = 1;
  out["device"] = answer.device.hex();
  out["certificate"] = OrderedJson::parse(answer.certificate, nullptr, false);
  out["tenant_key"] = to_hex(answer.tenant_key);
  out["time"] = answer.time;
  return dump(out);
}

Result<EnrollAnswer> read_enroll_answer(std::string_view body) {
  const auto json = parse_object(body, kMaxEnvelope);
  if (!json) return tl::unexpected<Refusal>(json.error());
  Members members(*json);
  members.version();
  EnrollAnswer out;
  out.device = members.fixed<DeviceId>("device");
  out.certificate = members.envelope("certificate");
  out.tenant_key = members.hex("tenant_key", kMaxSealed);
  out.time = members.millis("time");
  return finish(members, std::move(out));
}

}  // namespace cmdai::wire
