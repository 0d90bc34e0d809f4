#include <charconv>
#include <nlohmann/json.hpp>

#include "enterprise/collector/api/handlers.hpp"
#include "enterprise/collector/service/collector.hpp"

namespace cmdai::collector::calls {

namespace {

using nlohmann::json;

constexpr std::uint64_t kMost = 1000;

bool read_limit(const Call& call, std::uint64_t& limit) {
  if (!read_number(call.request, "limit", limit)) return false;
  limit = std::min(std::max<std::uint64_t>(limit, 1), kMost);
  return true;
}

}  // namespace

Response list_chains(const Call& call) {
  const auto chains = call.collector.store().ledger().chains(call.request.parameter("device"));
  if (!chains) return api_error(chains.error());
  json all = json::array();
  for (const ChainState& chain : *chains)
    all.push_back({{"device", chain.device},
                   {"chain", chain.chain},
                   {"next", chain.next},
                   {"head", chain.head},
                   {"updated", chain.updated},
                   {"clock_offset_ms", chain.offset},
                   {"gaps", chain.gaps}});
  return json_response({{"chains", all}});
}

Response list_alarms(const Call& call) {
  AlarmFilter filter;
  std::uint64_t limit = 100;
  if (!read_limit(call, limit) || !read_number(call.request, "before", filter.before))
    return api_error(400, "invalid", "`limit` and `before` take numbers");
  filter.limit = limit;
  filter.kind = call.request.parameter("kind");
  filter.device = call.request.parameter("device");
  if (const std::string open = call.request.parameter("open"); !open.empty()) filter.open = open == "true";
  const auto alarms = call.collector.store().alarms().list(filter);
  if (!alarms) return api_error(alarms.error());
  json all = json::array();
  for (const Alarm& alarm : *alarms)
    all.push_back({{"id", alarm.id},
                   {"time", alarm.time},
                   {"kind", alarm.kind},
                   {"severity", alarm.severity},
                   {"device", alarm.device},
                   {"text", alarm.text},
                   {"open", alarm.open}});
  return json_response(
      {{"alarms", all}, {"next", alarms->size() < limit ? json(nullptr) : json(alarms->back().id)}});
}

Response close_alarm(const Call& call) {
  std::uint64_t id = 0;
  const std::string& text = call.parts[0];
  const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
    return api_error(404, "not-found", "no alarm has this number");
  if (auto done = call.collector.store().alarms().close(id); !done) return api_error(done.error());
  return json_response({{"id", id}, {"open", false}});
}

Response list_checkpoints(const Call& call) {
  std::uint64_t limit = 100;
  if (!read_limit(call, limit)) return api_error(400, "invalid", "`limit` takes a number");
  const auto checkpoints = call.collector.store().documents().checkpoints(limit);
  if (!checkpoints) return api_error(checkpoints.error());
  json all = json::array();
  for (const Checkpoint& one : *checkpoints)
    all.push_back({{"size", one.size}, {"time", one.time}, {"note", one.note}});
  return json_response({{"checkpoints", all}});
}

Response list_apart(const Call& call) {
  const auto apart = call.collector.store().ledger().apart(call.parts[0], 200);
  if (!apart) return api_error(apart.error());
  json all = json::array();
  for (const ApartBatch& batch : *apart)
    all.push_back({{"device", batch.device},
                   {"chain", batch.chain},
                   {"first", batch.first},
                   {"received", batch.received},
                   {"reason", batch.reason},
                   {"batch", wire::to_base64(batch.bytes)}});
  return json_response({{"apart", all}});
}

}  // namespace cmdai::collector::calls
