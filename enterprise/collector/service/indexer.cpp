#include "enterprise/collector/service/indexer.hpp"

#include "enterprise/collector/base/log.hpp"
#include "enterprise/collector/service/event_row.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kMostBatches = 512;
constexpr std::size_t kReadBytes = std::size_t{4} << 20U;

}  // namespace

bool Indexer::turn() {
  const auto complain = [this](const Failure& failure) {
    if (!failing_) log(Level::error, "index.failed", {{"why", failure.text}});
    failing_ = true;
    return false;
  };
  const auto position = store_.index().position();
  if (!position) return complain(position.error());
  metrics_.indexed_position = *position;
  const auto batches = store_.ledger().read(*position, kMostBatches, kReadBytes);
  if (!batches) return complain(batches.error());
  waiting_since_ = batches->empty() ? 0 : batches->front().received;
  if (batches->empty()) return false;
  const Time keep_from = keep_days_ == 0 ? 0 : clock_() - static_cast<Time>(keep_days_) * kDay;
  std::vector<IndexRow> rows;
  for (const LedgerBatch& batch : *batches)
    if (batch.received >= keep_from) rows_of_batch(batch, rows);
  if (const auto put = store_.index().put(rows, batches->back().position); !put) return complain(put.error());
  failing_ = false;
  metrics_.indexed_events += rows.size();
  metrics_.indexed_position = batches->back().position;
  return true;
}

double Indexer::lag_seconds() const {
  const Time since = waiting_since_.load();
  return since == 0 ? 0 : static_cast<double>(std::max<Time>(clock_() - since, 0)) / 1000;
}

}  // namespace cmdai::collector
