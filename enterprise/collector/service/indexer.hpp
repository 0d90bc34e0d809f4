#pragma once
// From the ledger to the index, in the order of the ledger, many batches in one commit.
#include <atomic>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/service/metrics.hpp"
#include "enterprise/collector/store/store.hpp"

namespace cmdai::collector {

class Indexer {
 public:
  /// Batches received before `keep_days` ago are passed over (0: none are).
  Indexer(Store& store, Metrics& metrics, Clock clock, std::uint64_t keep_days)
      : store_(store), metrics_(metrics), clock_(std::move(clock)), keep_days_(keep_days) {}

  /// One commit's worth. True: there is more. Called by one thread.
  bool turn();
  /// Age of the oldest batch that is not indexed.
  double lag_seconds() const;

 private:
  Store& store_;
  Metrics& metrics_;
  Clock clock_;
  std::uint64_t keep_days_;
  bool failing_ = false;
  std::atomic<Time> waiting_since_{0};
};

}  // namespace cmdai::collector
