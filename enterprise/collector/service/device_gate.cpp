#include "enterprise/collector/service/device_gate.hpp"

#include "enterprise/collector/base/log.hpp"
#include "enterprise/protocol/hashing.hpp"

namespace cmdai::collector {

DeviceGate::DeviceGate(const Keyring& keyring, Store& store, DeviceCache& cache, AlarmDesk& alarms,
                       Metrics& metrics, Clock clock)
    : keyring_(keyring),
      store_(store),
      cache_(cache),
      alarms_(alarms),
      metrics_(metrics),
      clock_(std::move(clock)) {}

void DeviceGate::sign(Response& response, const wire::Nonce& nonce) const {
  response.headers.emplace_back(wire::kHeaderAnswer,
                                wire::sign_answer(keyring_.collector, nonce, response.status, response.body));
}

Response DeviceGate::unauthorized(const Request& request, std::string_view why) {
  metrics_.count_refusal(Refused::unauthorized);
  log(Level::info, "request.unauthorized",
      {{"why", std::string(why)},
       {"path", request.path},
       {"from", request.from},
       {"device", std::string(request.header("cmdai-device")).substr(0, 32)}});
  Response response = error_response(401, "unauthorized");
  if (const auto nonce = wire::Nonce::from_hex(request.header("cmdai-nonce"))) sign(response, *nonce);
  return response;
}

std::optional<wire::PublicKey> DeviceGate::key_of(const KnownDevice& device, const wire::KeyId& id) const {
  if (wire::key_id(device.pub) == id) return device.pub;
  if (device.previous && wire::key_id(*device.previous) == id) return device.previous;
  return std::nullopt;
}

/// A good signature by a key that was replaced: somebody kept it.
void DeviceGate::old_key_used(const KnownDevice& device, const wire::RequestHeaders& headers,
                              const Request& request) {
  if (!device.retired || wire::key_id(*device.retired) != headers.key) return;
  if (!wire::verify_request(headers, *device.retired, request.method, request.target, request.body, clock_()))
    return;
  const auto alarm =
      alarms_.raise("revoked-key", device.row.id, "old", "a request was signed with a key that was replaced");
  if (!alarm) return;
  metrics_.count_alarm(alarm->kind);
  if (!store_.alarms().add(*alarm))
    log(Level::error, "alarm.lost", {{"kind", alarm->kind}, {"device", alarm->device}});
}

bool DeviceGate::fresh_nonce(const wire::RequestHeaders& headers, Time now) {
  Shard& shard = shards_[headers.device.bytes[0] % shards_.size()];
  const std::scoped_lock lock(shard.mutex);
  return shard.window.accept(headers.device, headers.nonce, headers.time, now);
}

std::variant<Caller, Response> DeviceGate::admit(const Request& request, bool renewing) {
  const auto headers = wire::read_headers({request.header("cmdai-device"), request.header("cmdai-key"),
                                           request.header("cmdai-time"), request.header("cmdai-nonce"),
                                           request.header("cmdai-signature")});
  if (!headers) return unauthorized(request, headers.error().text);
  const auto device = cache_.find(headers->device);
  if (!device) {
    metrics_.count_refusal(Refused::unavailable);
    return try_later(503);
  }
  if (*device == nullptr) return unauthorized(request, "unknown device");
  const auto key = key_of(**device, headers->key);
  if (!key) {
    old_key_used(**device, *headers, request);
    return unauthorized(request, "unknown key");
  }
  const Time now = clock_();
  if (const auto good =
          wire::verify_request(*headers, *key, request.method, request.target, request.body, now);
      !good)
    return unauthorized(request, good.error().text);
  if (!renewing && (*device)->not_after <= now) return unauthorized(request, "the certificate has run out");
  if (!fresh_nonce(*headers, now)) return unauthorized(request, "the nonce was there before");
  if (*key == (*device)->pub && (*device)->previous && store_.devices().retire_previous((*device)->row.id))
    cache_.forget(headers->device);
  return Caller{*device, *key, headers->nonce};
}

}  // namespace cmdai::collector
