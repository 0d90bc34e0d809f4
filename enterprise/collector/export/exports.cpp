#include "enterprise/collector/export/exports.hpp"

#include "enterprise/collector/base/log.hpp"
#include "enterprise/collector/export/file_exporter.hpp"
#include "enterprise/protocol/batch.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kMostBatches = 64;
constexpr std::size_t kMostBytes = std::size_t{4} << 20U;
constexpr auto kPause = std::chrono::seconds(2);

/// Lines of the new part of each batch; they borrow from the batches.
std::vector<Outgoing> lines_of(const std::vector<LedgerBatch>& batches) {
  std::vector<Outgoing> lines;
  for (const LedgerBatch& batch : batches) {
    const auto view = wire::read_batch(batch.bytes);
    if (!view) continue;
    for (const wire::MacLine& event : view->events)
      if (const auto head = wire::read_event_head(event.line); head && head->seq >= batch.fresh)
        lines.push_back({event.line});
  }
  return lines;
}

}  // namespace

Exports::Exports(Collector& collector) : collector_(collector) {
  for (const ExportSettings& wanted : collector.settings().exports) {
    auto sink = std::make_unique<Sink>();
    sink->name = wanted.name;
    sink->exporter = std::make_unique<FileExporter>(collector.settings().path(wanted.path),
                                                    wanted.rotate_mb << 20U, wanted.keep);
    Sink* const raw = sink.get();
    sink->loop = std::make_unique<Loop>(kPause, [this, raw] { return turn(*raw); });
    collector.add_follower(sink->loop.get());
    sinks_.push_back(std::move(sink));
  }
}

void Exports::stop() {
  if (stopped_) return;  // the collector may be gone since
  stopped_ = true;
  collector_.forget_followers();
  for (const auto& sink : sinks_) sink->loop->stop();
}

/// The cursor moves after the write: what a crash leaves between is written twice, never not at all.
bool Exports::turn(Sink& sink) {
  const auto complain = [&](const Failure& failure) {
    ++collector_.metrics().export_failures;
    if (!sink.failing) log(Level::error, "export.failed", {{"sink", sink.name}, {"why", failure.text}});
    sink.failing = true;
    return false;
  };
  Store& store = collector_.store();
  const auto position = store.documents().cursor(sink.name);
  if (!position) return complain(position.error());
  const auto batches = store.ledger().read(*position, kMostBatches, kMostBytes);
  if (!batches) return complain(batches.error());
  if (batches->empty()) return false;
  const auto lines = lines_of(*batches);
  if (auto written = sink.exporter->write(lines); !written) return complain(written.error());
  if (auto moved = store.documents().move_cursor(sink.name, batches->back().position); !moved)
    return complain(moved.error());
  if (sink.failing) log(Level::info, "export.works-again", {{"sink", sink.name}});
  sink.failing = false;
  collector_.metrics().exported_events += lines.size();
  return true;
}

}  // namespace cmdai::collector
