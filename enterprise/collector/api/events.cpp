#include <nlohmann/json.hpp>

#include "enterprise/collector/api/handlers.hpp"
#include "enterprise/collector/service/collector.hpp"
#include "enterprise/protocol/batch.hpp"

namespace cmdai::collector::calls {

namespace {

using nlohmann::json;

json json_of(const IndexRow& row) {
  return {{"position", row.position}, {"seq", row.seq},   {"device", row.device}, {"chain", row.chain},
          {"group", row.group},       {"type", row.type}, {"time", row.time},     {"received", row.received},
          {"action", row.action},     {"rule", row.rule}, {"actor", row.actor},   {"agent", row.agent},
          {"user", row.user},         {"host", row.host}, {"text", row.text},     {"uid", row.uid}};
}

bool read_query(const Request& request, EventQuery& query) {
  query.text = request.parameter("q");
  query.device = request.parameter("device");
  query.group = request.parameter("group");
  query.action = request.parameter("action");
  query.rule = request.parameter("rule");
  query.actor = request.parameter("actor");
  query.agent = request.parameter("agent");
  query.user = request.parameter("user");
  query.type = request.parameter("type");
  query.stopped = request.parameter("stopped") == "true";
  query.cursor = request.parameter("cursor");
  std::uint64_t limit = query.limit;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  if (!read_number(request, "limit", limit) || !read_number(request, "from", from) ||
      !read_number(request, "to", to))
    return false;
  query.limit = limit;
  if (from != 0) query.from = static_cast<Time>(from);
  if (to != 0) query.to = static_cast<Time>(to);
  return true;
}

std::optional<std::uint64_t> number_of(const std::string& text) {
  Request holder;
  holder.query["n"] = text;
  std::uint64_t value = 0;
  if (!read_number(holder, "n", value)) return std::nullopt;
  return value;
}

json json_of(const LogDesk::Proof& proof) {
  return {{"leaf", proof.leaf}, {"size", proof.size}, {"path", proof.path}, {"checkpoint", proof.checkpoint}};
}

}  // namespace

Response search_events(const Call& call) {
  EventQuery query;
  if (!read_query(call.request, query))
    return api_error(400, "invalid", "`limit`, `from` and `to` take numbers");
  const auto page = call.collector.store().index().search(query);
  if (!page) return api_error(page.error());
  json all = json::array();
  for (const IndexRow& row : page->rows) all.push_back(json_of(row));
  return json_response({{"events", all},
                        {"next", page->cursor.empty() ? json(nullptr) : json(page->cursor)},
                        {"indexed", call.collector.metrics().indexed_position.load()},
                        {"stored", call.collector.metrics().ledger_position.load()}});
}

/// The line as it was signed, and what proves it: its batch, and the batch's place in the tree.
Response one_event(const Call& call) {
  const auto position = number_of(call.parts[0]);
  const auto seq = number_of(call.parts[1]);
  if (!position || !seq) return api_error(404, "not-found", "there is no such event");
  const auto found = call.collector.store().ledger().at(*position);
  if (!found) return api_error(found.error());
  const std::optional<LedgerBatch>& batch = *found;
  if (!batch) return api_error(404, "not-found", "there is no such event");
  const auto view = wire::read_batch(batch->bytes);
  if (!view) return api_error(404, "not-found", "there is no such event");
  for (const wire::MacLine& event : view->events) {
    const auto head = wire::read_event_head(event.line);
    if (!head || head->seq != *seq) continue;
    const auto proof = call.collector.log_desk().prove(*position);
    if (!proof) return api_error(proof.error());
    json made = {{"position", *position},           {"seq", *seq},
                 {"device", batch->device},         {"chain", batch->chain},
                 {"received", batch->received},     {"trusted", batch->trusted},
                 {"line", std::string(event.line)}, {"hash", wire::hash(event.line).hex()},
                 {"mac", event.mac.hex()},          {"batch", wire::to_base64(batch->bytes)}};
    const std::optional<LogDesk::Proof>& known = *proof;
    made["proof"] = known ? json_of(*known) : json(nullptr);
    return json_response(made);
  }
  return api_error(404, "not-found", "there is no such event");
}

Response count_events(const Call& call) {
  std::uint64_t from = 0;
  std::uint64_t to = static_cast<std::uint64_t>(call.collector.clock()());
  if (!read_number(call.request, "from", from) || !read_number(call.request, "to", to))
    return api_error(400, "invalid", "`from` and `to` take numbers");
  if (from == 0) from = to - static_cast<std::uint64_t>(std::min<Time>(kDay, static_cast<Time>(to)));
  const auto rows = call.collector.store().index().rollup(static_cast<Time>(from), static_cast<Time>(to));
  if (!rows) return api_error(rows.error());
  json all = json::array();
  for (const RollupRow& row : *rows)
    all.push_back({{"minute", row.minute},
                   {"group", row.group},
                   {"type", row.type},
                   {"action", row.action},
                   {"count", row.count}});
  return json_response({{"counts", all}});
}

}  // namespace cmdai::collector::calls
