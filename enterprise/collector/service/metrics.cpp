#include "enterprise/collector/service/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace cmdai::collector {

namespace {

constexpr std::array<std::string_view, 9> kAlarms = {
    "fork", "gap", "gap-declared", "tamper", "silent", "clock", "token-reused", "revoked-key", "checkpoint"};
constexpr std::array<std::string_view, 8> kRefusals = {"unauthorized", "too-large", "malformed", "busy",
                                                       "unavailable",  "resume",    "fork",      "chain"};

void head(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
  out += fmt::format("# HELP cmdai_collector_{0} {2}\n# TYPE cmdai_collector_{0} {1}\n", name, kind, help);
}

template <class Number>
void one(std::string& out, std::string_view name, std::string_view kind, std::string_view help,
         Number value) {
  head(out, name, kind, help);
  out += fmt::format("cmdai_collector_{} {}\n", name, value);
}

template <std::size_t N>
void by_word(std::string& out, std::string_view name, std::string_view label, std::string_view help,
             const std::array<std::string_view, N>& words, const std::array<Count, N>& counts) {
  head(out, name, "counter", help);
  for (std::size_t i = 0; i < N; ++i)
    out += fmt::format("cmdai_collector_{}{{{}=\"{}\"}} {}\n", name, label, words[i], counts[i].load());
}

void counters(std::string& out, const Metrics& m) {
  one(out, "batches_total", "counter", "Batches stored.", m.batches.load());
  one(out, "events_total", "counter", "Events stored.", m.events.load());
  one(out, "duplicate_batches_total", "counter", "Batches that were there already.", m.duplicates.load());
  one(out, "received_bytes_total", "counter", "Bytes of batches as sent.", m.bytes_received.load());
  one(out, "unpacked_bytes_total", "counter", "Bytes of batches unpacked.", m.bytes_unpacked.load());
  by_word(out, "refused_total", "why", "Requests of devices that were refused.", kRefusals, m.refused);
  by_word(out, "alarms_total", "kind", "Alarms raised.", kAlarms, m.alarms);
  one(out, "commits_total", "counter", "Commits of the ledger.", m.commits.load());
  one(out, "commit_failures_total", "counter", "Commits that failed.", m.commit_failures.load());
  one(out, "heartbeats_total", "counter", "Heartbeats heard.", m.heartbeats.load());
  one(out, "enrollments_total", "counter", "Devices enrolled.", m.enrollments.load());
  one(out, "connections_total", "counter", "Connections accepted.", m.connections_total.load());
  one(out, "handshake_failures_total", "counter", "TLS handshakes that failed.", m.handshake_failures.load());
  one(out, "indexed_events_total", "counter", "Events made searchable.", m.indexed_events.load());
  one(out, "exported_events_total", "counter", "Events handed to exports.", m.exported_events.load());
  one(out, "export_failures_total", "counter", "Writes of exports that failed.", m.export_failures.load());
  one(out, "api_requests_total", "counter", "Requests of the API.", m.api_requests.load());
}

}  // namespace

void Histogram::observe(double seconds) {
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  ++buckets_[static_cast<std::size_t>(bound - kBounds.begin())];
  microseconds_ += static_cast<std::uint64_t>(seconds * 1e6);
}

void Histogram::write(std::string& out, const std::string& name, const std::string& help) const {
  head(out, name, "histogram", help);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    sum += buckets_[i].load();
    out += fmt::format("cmdai_collector_{}_bucket{{le=\"{}\"}} {}\n", name, kBounds[i], sum);
  }
  sum += buckets_.back().load();
  out += fmt::format(
      "cmdai_collector_{0}_bucket{{le=\"+Inf\"}} {1}\ncmdai_collector_{0}_sum {2}\ncmdai_collector_{0}_count "
      "{1}\n",
      name, sum, static_cast<double>(microseconds_.load()) / 1e6);
}

void Metrics::count_alarm(std::string_view kind) {
  const auto at = std::find(kAlarms.begin(), kAlarms.end(), kind);
  if (at != kAlarms.end()) ++alarms[static_cast<std::size_t>(at - kAlarms.begin())];
}

std::string render(const Metrics& m, const Gauges& g) {
  std::string out;
  counters(out, m);
  one(out, "connections", "gauge", "Connections open.", m.connections.load());
  one(out, "queue_batches", "gauge", "Batches waiting for the disk.", m.queue.load());
  one(out, "inflight_bytes", "gauge", "Bytes of requests under way.", m.inflight_bytes.load());
  one(out, "ledger_position", "gauge", "Batches in the ledger.", m.ledger_position.load());
  one(out, "indexed_position", "gauge", "Batches indexed.", m.indexed_position.load());
  one(out, "index_lag_seconds", "gauge", "Age of the oldest batch that is not indexed.", g.index_lag_seconds);
  one(out, "checkpoint_size", "gauge", "Leaves of the last checkpoint.", m.checkpoint_size.load());
  one(out, "store_bytes", "gauge", "Bytes on disk, record and index.", g.store_bytes);
  one(out, "devices", "gauge", "Devices heard of since the start.", g.devices);
  one(out, "devices_silent", "gauge", "Devices that missed three heartbeats.", g.silent);
  m.ack.write(out, "ack_seconds", "From a batch's last byte to its answer.");
  m.commit.write(out, "commit_seconds", "A commit of the ledger.");
  return out;
}

}  // namespace cmdai::collector
