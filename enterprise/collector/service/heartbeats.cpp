#include "enterprise/collector/service/heartbeats.hpp"

#include <fmt/format.h>

#include "enterprise/collector/base/log.hpp"
#include "enterprise/protocol/batch.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kPage = 1000;

/// The hash of a stored event, or nothing.
std::optional<wire::Digest> stored_hash(Ledger& ledger, const std::string& device, const std::string& chain,
                                        std::uint64_t seq) {
  const auto batches = ledger.covering(device, chain, seq, seq, 1);
  if (!batches || batches->empty()) return std::nullopt;
  const auto view = wire::read_batch(batches->front().bytes);
  if (!view) return std::nullopt;
  for (const wire::MacLine& event : view->events)
    if (const auto head = wire::read_event_head(event.line); head && head->seq == seq)
      return wire::hash(event.line);
  return std::nullopt;
}

}  // namespace

Done Heartbeats::open(const std::string& but) {
  std::string after;
  for (;;) {
    const auto page = p_.store.devices().devices(after, kPage);
    if (!page) return tl::unexpected(page.error());
    for (const Device& device : *page)
      if (device.revoked == 0 && device.id != but) heard_[device.id].at = begun_;
    if (page->size() < kPage) return {};
    after = page->back().id;
  }
}

void Heartbeats::enrolled(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  heard_.try_emplace(device, Heard{p_.clock(), false});
}

void Heartbeats::revoked(const std::string& device) {
  const std::scoped_lock lock(mutex_);
  heard_.erase(device);
}

void Heartbeats::raise(std::optional<Alarm> alarm) {
  if (!alarm) return;
  p_.metrics.count_alarm(alarm->kind);
  log(Level::warning, "alarm", {{"kind", alarm->kind}, {"device", alarm->device}, {"text", alarm->text}});
  if (p_.store.alarms().add(*alarm)) return;
  p_.alarms.withdraw(alarm->device);
  log(Level::error, "alarm.lost", {{"kind", alarm->kind}, {"device", alarm->device}});
}

/// A head for a number we know otherwise: two devices with one identity, or one that was set back.
void Heartbeats::compare(const KnownDevice& device, const wire::Heartbeat& heartbeat) {
  if (heartbeat.next <= 1) return;
  const auto found = p_.store.ledger().chain(device.row.id, heartbeat.chain.hex());
  if (!found) return;
  const std::optional<ChainState>& chain = *found;
  if (!chain || heartbeat.next > chain->next) return;
  const auto known = heartbeat.next == chain->next ? wire::Digest::from_hex(chain->head)
                                                   : stored_hash(p_.store.ledger(), device.row.id,
                                                                 heartbeat.chain.hex(), heartbeat.next - 1);
  if (!known || *known == heartbeat.head) return;
  raise(p_.alarms.raise(
      "fork", device.row.id, "heartbeat",
      fmt::format("its heartbeat names another event {} than the one that is stored", heartbeat.next - 1)));
}

Response Heartbeats::take(const Caller& caller, const Request& request) {
  if (request.body.size() > wire::kMaxHeartbeat) return error_response(413, "too-large");
  const auto heartbeat = wire::read_heartbeat(request.body);
  if (!heartbeat) return error_response(400, "malformed");
  const KnownDevice& device = *caller.device;
  const Time now = p_.clock();
  ++p_.metrics.heartbeats;
  if (device.row.revoked == 0) {
    const std::scoped_lock lock(mutex_);
    heard_[device.row.id] = Heard{now, false};
    unsaved_.insert_or_assign(device.row.id, Presence{device.row.id, now, heartbeat->version, request.body});
  }
  compare(device, *heartbeat);
  const Time offset = now - heartbeat->time;
  if (offset > kClockOff || offset < -kClockOff)
    raise(p_.alarms.raise(
        "clock", device.row.id, "",
        fmt::format("its clock is {} s {}", std::abs(offset) / 1000, offset > 0 ? "slow" : "fast")));
  wire::HeartbeatAnswer answer;
  answer.time = now;
  answer.timestamp = p_.policies.timestamp_version();
  if (const auto last = p_.store.documents().last_checkpoint()) {
    const std::optional<Checkpoint>& checkpoint = *last;
    if (checkpoint) answer.checkpoint = checkpoint->note;
  }
  answer.commands = p_.commands.take(device.id);
  Response response;
  response.body = wire::write(answer);
  return response;
}

void Heartbeats::look() {
  const Time limit = p_.clock() - 3 * static_cast<Time>(p_.settings.heartbeat_seconds) * kSecond;
  std::vector<std::string> silent;
  std::vector<Presence> save;
  {
    const std::scoped_lock lock(mutex_);
    for (auto& [device, heard] : heard_) {
      if (heard.silent || heard.at > limit) continue;
      heard.silent = true;
      silent.push_back(device);
    }
    for (auto& [device, presence] : unsaved_) save.push_back(std::move(presence));
    unsaved_.clear();
  }
  if (!save.empty())
    if (const auto saved = p_.store.devices().heartbeats(save); !saved)
      log(Level::error, "heartbeats.lost", {{"why", saved.error().text}});
  for (const std::string& device : silent)
    raise(p_.alarms.raise("silent", device, std::to_string(p_.clock() / kHour),
                          "three heartbeats are missing"));
}

Heartbeats::Numbers Heartbeats::numbers() const {
  const std::scoped_lock lock(mutex_);
  Numbers numbers{heard_.size(), 0};
  for (const auto& [device, heard] : heard_) numbers.silent += heard.silent ? 1 : 0;
  return numbers;
}

}  // namespace cmdai::collector
