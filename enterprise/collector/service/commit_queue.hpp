#pragma once
// One thread writes to the ledger: it takes all that waits, up to a bound, gives each batch its place in the
// order and in the tree, and commits them together. Whoever waits is told afterwards.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "enterprise/collector/base/workers.hpp"
#include "enterprise/collector/service/metrics.hpp"
#include "enterprise/collector/store/ledger.hpp"
#include "enterprise/protocol/merkle.hpp"

namespace cmdai::collector {

/// Something to be made durable.
struct PendingWrite {
  LedgerWrite write;
  wire::TreeHash leaf;                    // of write.batch, where there is one
  std::function<void(bool stored)> done;  // called by a worker; position and all are in the store then
};

class CommitQueue {
 public:
  /// Begins with what the ledger holds. `stored` is called after each commit (by the writer's thread).
  static Result<std::unique_ptr<CommitQueue>> open(Ledger& ledger, Workers& workers, Metrics& metrics,
                                                   std::size_t limit, std::function<void()> stored);
  CommitQueue(Ledger& ledger, Workers& workers, Metrics& metrics, std::size_t limit,
              std::function<void()> stored, wire::Frontier frontier);
  ~CommitQueue();
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  /// False: too many wait; nothing was taken.
  bool offer(PendingWrite write);
  /// For evidence and alarms: taken as long as they fit in memory at all.
  bool offer_evidence(PendingWrite write);
  /// Commits what waits, then ends.
  void stop();
  /// Batches in the tree, as of the last commit.
  std::uint64_t size() const { return size_.load(); }

 private:
  void run();
  std::vector<PendingWrite> take();
  bool commit(std::vector<PendingWrite>& group);
  void commit_one_by_one(std::vector<PendingWrite>& group);
  void tell(PendingWrite& write, bool stored);

  Ledger& ledger_;
  Workers& workers_;
  Metrics& metrics_;
  std::size_t limit_;
  std::function<void()> stored_;
  wire::Frontier frontier_;  // of the writer's thread
  std::atomic<std::uint64_t> size_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<PendingWrite> queue_;
  bool ending_ = false;
  Problem problem_ = Problem::unavailable;  // of the last commit that failed; of the writer's thread
  std::thread thread_;
};

/// The tree's nodes out of the ledger, for frontiers and proofs. Throws Failure where the store does.
wire::NodeSource node_source(Ledger& ledger);

}  // namespace cmdai::collector
