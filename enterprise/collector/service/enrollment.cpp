#include "enterprise/collector/service/enrollment.hpp"

#include "enterprise/collector/base/log.hpp"
#include "enterprise/protocol/enrollment.hpp"
#include "enterprise/protocol/rekey.hpp"

namespace cmdai::collector {

namespace {

Device device_of(const wire::EnrollRequest& asked, const wire::DeviceId& id, const std::string& token,
                 const std::string& group, Time now) {
  Device device;
  device.id = id.hex();
  device.pub = asked.pub.hex();
  device.box = asked.box.hex();
  device.groups = {group.empty() ? "default" : group};
  device.host = asked.facts.host;
  device.os = asked.facts.os;
  device.version = asked.facts.version;
  device.assurance = asked.facts.assurance;
  device.enrolled = now;
  device.token = token;
  return device;
}

}  // namespace

std::string EnrollmentDesk::certificate(const wire::DeviceId& device, const wire::PublicKey& pub,
                                        const std::vector<std::string>& groups, const wire::ChainId& chain,
                                        std::uint64_t epoch) const {
  const Time now = clock_();
  // A device's clock may be behind ours; it holds its certificate against its own.
  const wire::DeviceCertificate made{device, pub,   keyring_.root.tenant, groups,
                                     chain,  epoch, now - kHour,          now + kCertificateTime};
  const wire::SigningKey* const keys[] = {&keyring_.enrollment};
  return wire::write(wire::sign_envelope(wire::Document::device, wire::write(made), keys));
}

void EnrollmentDesk::token_reused(const std::string& hash, const std::string& from) {
  auto alarm = alarms_.raise("token-reused", "", hash,
                             "an enrollment token came a second time with another key, from " + from);
  if (!alarm) return;
  metrics_.count_alarm(alarm->kind);
  log(Level::warning, "alarm", {{"kind", alarm->kind}, {"text", alarm->text}});
  if (!store_.alarms().add(*alarm)) log(Level::error, "alarm.lost", {{"kind", alarm->kind}});
}

Response EnrollmentDesk::enroll(const Request& request) {
  const auto refuse = [&](std::string_view why) {
    metrics_.count_refusal(Refused::unauthorized);
    log(Level::info, "enroll.refused", {{"why", std::string(why)}, {"from", request.from}});
    return error_response(401, "unauthorized");
  };
  if (request.body.size() > wire::kMaxEnrollment) return error_response(413, "too-large");
  const auto asked = wire::read_enroll(request.body);
  if (!asked) return refuse(asked.error().text);
  const auto secrets = wire::open_enroll(*asked, keyring_.box, keyring_.root.collector);
  if (!secrets) return refuse(secrets.error().text);
  const std::string hash = wire::token_hash(secrets->token).hex();
  const auto found = store_.devices().token(hash);
  if (!found) return try_later(503);
  const std::optional<EnrollmentToken>& token = *found;
  if (!token) return refuse("unknown token");

  const auto id = wire::random_fixed<wire::DeviceId>();
  Device device = device_of(*asked, id, hash, token->group, clock_());
  const auto sealed = wire::seal(asked->box, keyring_.tenant.view());
  if (!sealed) return refuse("the box key is of small order");
  device.certificate = certificate(id, asked->pub, device.groups, asked->chain, 1);
  device.answer = wire::write(wire::EnrollAnswer{id, device.certificate, *sealed, clock_()});
  const auto enrolled =
      store_.devices().enroll(hash, device, asked->chain.hex(), std::string(secrets->k0.view()), clock_());
  if (!enrolled) {
    log(Level::error, "enroll.failed", {{"why", enrolled.error().text}});
    return try_later(503);
  }
  switch (enrolled->outcome) {
    case Enrollment::enrolled:
      ++metrics_.enrollments;
      enrolled_(device.id);
      log(Level::info, "device.enrolled",
          {{"device", device.id}, {"host", device.host}, {"token", token->id}});
      break;
    case Enrollment::again: device = enrolled->device; break;
    case Enrollment::used_up: token_reused(hash, request.from); return error_response(409, "token-used");
    case Enrollment::unknown: return refuse("the token has run out");
  }
  Response response;
  response.body = device.answer;
  return response;
}

Response EnrollmentDesk::rekey(const Caller& caller, const Request& request) {
  const auto asked = wire::read_rekey(request.body);
  if (!asked) return error_response(400, "malformed");
  const KnownDevice& known = *caller.device;
  if (known.row.revoked != 0) return error_response(403, "revoked");
  // The answer may have been lost: the same key again is told the same.
  if (asked->pub == known.pub && asked->epoch == known.row.epoch) {
    Response again;
    again.body = wire::write_rekey_answer(known.row.certificate);
    return again;
  }
  if (const auto good = wire::check_rekey(*asked, known.id, known.row.epoch); !good)
    return error_response(422, "rekey");
  const auto before = wire::read_envelope(known.row.certificate);
  const auto certificate_before =
      before ? wire::read_device(before->payload) : tl::unexpected(before.error());
  if (!certificate_before) return try_later(503);
  Device device = known.row;
  device.previous_pub = known.row.pub;
  device.pub = asked->pub.hex();
  device.epoch = asked->epoch;
  device.certificate =
      certificate(known.id, asked->pub, known.row.groups, certificate_before->chain, asked->epoch);
  const auto done = store_.devices().rekey(device);
  cache_.forget(known.id);
  if (!done) return done.error().problem == Problem::conflict ? error_response(409, "epoch") : try_later(503);
  log(Level::info, "device.rekeyed", {{"device", device.id}, {"epoch", std::to_string(device.epoch)}});
  Response response;
  response.body = wire::write_rekey_answer(device.certificate);
  return response;
}

}  // namespace cmdai::collector
