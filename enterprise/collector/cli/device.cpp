#include <fmt/format.h>

#include "enterprise/collector/cli/arguments.hpp"
#include "enterprise/collector/cli/handlers.hpp"
#include "enterprise/collector/cli/place.hpp"

namespace cmdai::collector::cli {

namespace {

using nlohmann::json;

constexpr std::size_t kPage = 500;

void show(const std::string& id, const std::string& host, const std::string& version, long long seen,
          bool revoked) {
  fmt::print("{}  {:24}  {:8}  {}{}\n", id, host, version,
             seen == 0 ? "never heard of" : "last seen " + date_time(seen), revoked ? "  revoked" : "");
}

int list_running(const Place& place) {
  std::string after;
  for (;;) {
    const auto page = place.ask("GET", fmt::format("/api/v1/devices?limit={}&after={}", kPage, after));
    if (!page) return complain(page.error());
    for (const json& device : page->at("devices"))
      show(device.value("id", ""), device.value("host", ""), device.value("version", ""),
           device.value("seen", 0LL), !device["revoked"].is_null());
    if (page->at("next").is_null()) return 0;
    after = page->at("next").get<std::string>();
  }
}

}  // namespace

int run_device_list(const Arguments& given) {
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  if (!place->running().empty()) return list_running(*place);
  auto store = place->open();
  if (!store) return complain(store.error());
  std::string after;
  for (;;) {
    const auto page = (*store)->devices().devices(after, kPage);
    if (!page) return complain(page.error());
    for (const Device& device : *page)
      show(device.id, device.host, device.version, device.seen, device.revoked != 0);
    if (page->size() < kPage) return 0;
    after = page->back().id;
  }
}

int run_device_revoke(const Arguments& given) {
  const auto place = Place::at(folder_of(given));
  if (!place) return complain(place.error());
  const std::string& id = given.operands[0];
  if (!place->running().empty()) {
    const auto answer = place->ask("POST", "/api/v1/devices/" + id + "/revoke");
    return answer ? 0 : complain(answer.error());
  }
  auto store = place->open();
  if (!store) return complain(store.error());
  const auto done = (*store)->devices().revoke(id, now_ms());
  return done ? 0 : complain(done.error());
}

}  // namespace cmdai::collector::cli
