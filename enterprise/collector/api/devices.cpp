#include <nlohmann/json.hpp>

#include "enterprise/collector/api/handlers.hpp"
#include "enterprise/collector/base/log.hpp"
#include "enterprise/collector/service/collector.hpp"

namespace cmdai::collector::calls {

namespace {

using nlohmann::json;

constexpr std::uint64_t kMostDevices = 1000;

json json_of(const Device& device) {
  json made = {{"id", device.id},
               {"host", device.host},
               {"os", device.os},
               {"version", device.version},
               {"assurance", device.assurance},
               {"groups", device.groups},
               {"epoch", device.epoch},
               {"enrolled", device.enrolled},
               {"seen", device.seen},
               {"heartbeat", device.heartbeat}};
  made["revoked"] = device.revoked == 0 ? json(nullptr) : json(device.revoked);
  return made;
}

}  // namespace

Response list_devices(const Call& call) {
  std::uint64_t limit = 100;
  if (!read_number(call.request, "limit", limit)) return api_error(400, "invalid", "`limit` takes a number");
  limit = std::min(std::max<std::uint64_t>(limit, 1), kMostDevices);
  const auto page = call.collector.store().devices().devices(call.request.parameter("after"), limit);
  if (!page) return api_error(page.error());
  json all = json::array();
  for (const Device& device : *page) all.push_back(json_of(device));
  return json_response(
      {{"devices", all}, {"next", page->size() < limit ? json(nullptr) : json(page->back().id)}});
}

Response one_device(const Call& call) {
  const auto found = call.collector.store().devices().device(call.parts[0]);
  if (!found) return api_error(found.error());
  const auto& device = *found;
  if (!device) return api_error(404, "not-found", "no device has this id");
  json made = json_of(*device);
  made["pub"] = device->pub;
  made["last_heartbeat"] = json::parse(device->posture, nullptr, false);
  if (made["last_heartbeat"].is_discarded()) made["last_heartbeat"] = nullptr;
  made["certificate"] = device->certificate;
  return json_response(made);
}

Response revoke_device(const Call& call) {
  const auto id = wire::DeviceId::from_hex(call.parts[0]);
  if (!id) return api_error(404, "not-found", "no device has this id");
  if (auto done = call.collector.store().devices().revoke(call.parts[0], call.collector.clock()()); !done)
    return api_error(done.error());
  call.collector.devices().forget(*id);
  call.collector.heartbeats().revoked(call.parts[0]);
  log(Level::info, "device.revoked", {{"device", call.parts[0]}, {"by", call.who.name}});
  // The devices hear of it with the next timestamp.
  if (auto done = call.collector.policies().renew(); !done) return api_error(done.error());
  return json_response({{"id", call.parts[0]}, {"revoked", true}});
}

Response command_device(const Call& call) {
  const auto id = wire::DeviceId::from_hex(call.parts[0]);
  const auto device = call.collector.store().devices().device(call.parts[0]);
  if (!device) return api_error(device.error());
  if (!id || !*device) return api_error(404, "not-found", "no device has this id");
  const json asked = json::parse(call.request.body, nullptr, false);
  if (!asked.is_object() || !asked.contains("type") || !asked["type"].is_string())
    return api_error(400, "invalid", "the body is {\"type\":\"pull-policy\"}, or heartbeat, or rekey");
  const auto counter = call.collector.commands().give(*id, asked["type"].get<std::string>());
  if (!counter) return api_error(counter.error());
  return json_response({{"counter", *counter}});
}

}  // namespace cmdai::collector::calls
