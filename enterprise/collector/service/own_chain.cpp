#include "enterprise/collector/service/own_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>

#include "enterprise/collector/service/tokens.hpp"
#include "enterprise/protocol/batch.hpp"

namespace cmdai::collector {

namespace {

constexpr std::string_view kCursor = "collector-alarms";
constexpr std::string_view kGroup = "collector";
constexpr std::size_t kEventsAtOnce = 256;
constexpr Time kOwnCertificate = 3650 * kDay;  // as long as the root: nobody renews it but a new root

}  // namespace

wire::DeviceId own_device(const wire::Root& root) {
  const auto digest = wire::hash("cmdai-collector-device-v1\n" + root.origin());
  wire::DeviceId id;
  std::copy_n(digest.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

/// The way every device comes in, with a token of its own making.
Done OwnChain::enroll() {
  const auto chain = wire::random_fixed<wire::ChainId>();
  const Time now = clock_();
  const wire::DeviceCertificate certificate{id_,
                                            keyring_.collector.public_key(),
                                            keyring_.root.tenant,
                                            {std::string(kGroup)},
                                            chain,
                                            1,
                                            now - kHour,
                                            now + kOwnCertificate};
  const wire::SigningKey* const keys[] = {&keyring_.enrollment};
  Device device;
  device.id = id_.hex();
  device.pub = keyring_.collector.public_key().hex();
  device.box = keyring_.box.public_key().hex();
  device.groups = {std::string(kGroup)};
  device.host = keyring_.root.collector;
  device.version = CMDAI_VERSION;
  device.enrolled = now;
  device.certificate =
      wire::write(wire::sign_envelope(wire::Document::device, wire::write(certificate), keys));
  const auto token = new_enrollment_token(std::string(kGroup), 1, now, kMinute, "the collector itself");
  if (auto done = store_.devices().add_token(token.row); !done) return done;
  const auto enrolled = store_.devices().enroll(token.row.hash, device, chain.hex(),
                                                std::string(wire::Key32::random().view()), now);
  if (!enrolled) return tl::unexpected(enrolled.error());
  return {};
}

Done OwnChain::begin() {
  auto found = store_.devices().device(id_.hex());
  if (found && !*found) {
    if (auto done = enroll(); !done) return done;
    found = store_.devices().device(id_.hex());
  }
  if (!found) return tl::unexpected(found.error());
  const std::optional<Device>& device = *found;
  if (!device) return failed(Problem::unavailable, "the collector is no device of its own");
  const auto envelope = wire::read_envelope(device->certificate);
  const auto certificate = envelope ? wire::read_device(envelope->payload) : tl::unexpected(envelope.error());
  if (!certificate)
    return failed(Problem::damaged, "the collector's own certificate: " + certificate.error().text);
  chain_ = certificate->chain;
  const auto known = store_.ledger().chain(id_.hex(), chain_.hex());
  if (!known) return tl::unexpected(known.error());
  const std::optional<ChainState>& row = *known;
  if (!row) return failed(Problem::damaged, "the collector's own chain is missing");
  auto head = wire::Digest::from_hex(row->head);
  auto key = wire::Key32::from_bytes(row->ratchet);
  if (!head || !key) return failed(Problem::damaged, "the collector's own chain cannot be read");
  state_ = wire::ChainState{row->next, *head, wire::Ratchet(std::move(*key), row->next), std::nullopt};
  return {};
}

Result<std::vector<Alarm>> OwnChain::fresh_alarms(std::uint64_t after) {
  std::vector<Alarm> fresh;
  AlarmFilter filter;
  filter.limit = kEventsAtOnce;
  for (;;) {
    auto page = store_.alarms().list(filter);
    if (!page) return page;
    for (Alarm& alarm : *page) {
      if (alarm.id <= after) continue;
      filter.before = alarm.id;
      fresh.push_back(std::move(alarm));
    }
    if (page->size() < kEventsAtOnce || page->back().id <= after) break;
  }
  std::reverse(fresh.begin(), fresh.end());
  if (fresh.size() > kEventsAtOnce) fresh.resize(kEventsAtOnce);
  return fresh;
}

std::string OwnChain::line_of(const Alarm& alarm, const wire::ChainState& state) const {
  std::string line;
  wire::write_event_head(line, {state.next, state.head, chain_, "collector.alarm"});
  const std::string uid =
      wire::hash(fmt::format("cmdai-alarm-v1\n{}\n{}\n", id_.hex(), alarm.id)).hex().substr(0, 32);
  const std::string about = alarm.device.empty() ? "" : "device " + alarm.device + ": ";
  nlohmann::ordered_json rest = {
      {"event_uid", uid},
      {"time_ms", alarm.time},
      {"tenant", keyring_.root.tenant},
      {"device", {{"id", id_.hex()}, {"host", keyring_.root.collector}}},
      {"alarm",
       {{"id", alarm.id}, {"kind", alarm.kind}, {"severity", alarm.severity}, {"device", alarm.device}}},
      {"text", alarm.kind + ": " + about + alarm.text}};
  return line + rest.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).substr(1);
}

Done OwnChain::store(const std::vector<Alarm>& alarms) {
  if (!state_) return failed(Problem::unavailable, "the collector's own chain is not open");
  wire::ChainState state = state_->clone();
  wire::BatchHeader header{id_, chain_, boot_, state.head, state.next, 0, 0, {}, clock_(), false};
  std::vector<std::string> lines;
  std::vector<wire::MacLine> events;
  lines.reserve(alarms.size());
  for (const Alarm& alarm : alarms) {
    lines.push_back(line_of(alarm, state));
    state.head = wire::hash(lines.back());
    events.push_back({state.ratchet.mac(state.head), lines.back()});
    state.ratchet.step();
    ++state.next;
  }
  auto bytes = wire::build_batch(header, events, keyring_.collector);
  if (!bytes) return failed(Problem::invalid, bytes.error().text);
  PendingWrite pending;
  pending.write.batch = LedgerBatch{0,
                                    id_.hex(),
                                    chain_.hex(),
                                    header.first,
                                    alarms.size(),
                                    state.next - 1,
                                    header.first,
                                    state.head.hex(),
                                    boot_.hex(),
                                    header.time,
                                    true,
                                    std::string(kGroup),
                                    *bytes,
                                    {}};
  pending.write.chain = ChainState{id_.hex(),
                                   chain_.hex(),
                                   state.next,
                                   state.head.hex(),
                                   std::string(state.ratchet.key().view()),
                                   boot_.hex(),
                                   header.time,
                                   0,
                                   0};
  pending.leaf = wire::leaf_hash(
      wire::batch_leaf(id_, chain_, header.first, alarms.size(), state.head, wire::hash(*bytes)));
  auto told = std::make_shared<std::promise<bool>>();
  auto stored = told->get_future();
  pending.done = [told](bool good) { told->set_value(good); };
  if (!queue_.offer_evidence(std::move(pending)) || !stored.get())
    return failed(Problem::unavailable, "alarms could not be recorded as events yet");
  state_ = std::move(state);
  return {};
}

Done OwnChain::turn() {
  const auto cursor = store_.documents().cursor(std::string(kCursor));
  if (!cursor) return tl::unexpected(cursor.error());
  const auto alarms = fresh_alarms(*cursor);
  if (!alarms) return tl::unexpected(alarms.error());
  if (alarms->empty()) return {};
  if (!state_)
    if (auto done = begin(); !done) return done;
  if (auto done = store(*alarms); !done) return done;
  return store_.documents().move_cursor(std::string(kCursor), alarms->back().id);
}

}  // namespace cmdai::collector
