#include "enterprise/collector/service/commit_queue.hpp"

#include <chrono>

#include "enterprise/collector/base/log.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kGroupBatches = 256;
constexpr std::size_t kGroupBytes = std::size_t{16} << 20U;

}  // namespace

wire::NodeSource node_source(Ledger& ledger) {
  return [&ledger](unsigned level, std::uint64_t index) {
    auto node = ledger.node(level, index);
    if (!node) throw Failure(node.error());
    const std::optional<std::string>& bytes = *node;
    auto hash = bytes ? wire::TreeHash::from_bytes(*bytes) : std::nullopt;
    if (!hash) throw Failure{Problem::damaged, "a node of the tree is missing"};
    return *hash;
  };
}

Result<std::unique_ptr<CommitQueue>> CommitQueue::open(Ledger& ledger, Workers& workers, Metrics& metrics,
                                                       std::size_t limit, std::function<void()> stored) {
  const auto last = ledger.last_position();
  if (!last) return tl::unexpected(last.error());
  try {
    auto frontier = wire::Frontier::at(*last, node_source(ledger));
    return std::make_unique<CommitQueue>(ledger, workers, metrics, limit, std::move(stored),
                                         std::move(frontier));
  } catch (const Failure& failure) {
    return tl::unexpected(failure);
  }
}

CommitQueue::CommitQueue(Ledger& ledger, Workers& workers, Metrics& metrics, std::size_t limit,
                         std::function<void()> stored, wire::Frontier frontier)
    : ledger_(ledger),
      workers_(workers),
      metrics_(metrics),
      limit_(limit),
      stored_(std::move(stored)),
      frontier_(std::move(frontier)),
      size_(frontier_.size()) {
  metrics_.ledger_position = size_.load();
  thread_ = std::thread([this] { run(); });
}

CommitQueue::~CommitQueue() { stop(); }

bool CommitQueue::offer(PendingWrite write) {
  {
    const std::scoped_lock lock(mutex_);
    if (ending_ || queue_.size() >= limit_) return false;
    queue_.push_back(std::move(write));
    metrics_.queue = static_cast<std::int64_t>(queue_.size());
  }
  wake_.notify_one();
  return true;
}

bool CommitQueue::offer_evidence(PendingWrite write) {
  {
    const std::scoped_lock lock(mutex_);
    if (ending_ || queue_.size() >= limit_ * 2 + 64) return false;
    queue_.push_back(std::move(write));
  }
  wake_.notify_one();
  return true;
}

void CommitQueue::stop() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CommitQueue::run() {
  for (;;) {
    std::vector<PendingWrite> group = take();
    if (group.empty()) return;
    const bool stored = commit(group);
    // A disk that is full is full for each of them; a conflict is one's own.
    if (!stored && problem_ == Problem::conflict && group.size() > 1) {
      commit_one_by_one(group);
    } else {
      for (PendingWrite& write : group) tell(write, stored);
    }
    if (stored_) stored_();
  }
}

std::vector<PendingWrite> CommitQueue::take() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return ending_ || !queue_.empty(); });
  std::vector<PendingWrite> group;
  std::size_t bytes = 0;
  while (!queue_.empty() && group.size() < kGroupBatches && bytes < kGroupBytes) {
    if (const auto& batch = queue_.front().write.batch) bytes += batch->bytes.size();
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  metrics_.queue = static_cast<std::int64_t>(queue_.size());
  return group;
}

/// Places are given here and taken back when the commit fails: the order has no holes.
bool CommitQueue::commit(std::vector<PendingWrite>& group) {
  wire::Frontier frontier = frontier_;
  std::vector<LedgerWrite> writes;
  writes.reserve(group.size());
  for (PendingWrite& pending : group) {
    LedgerWrite& write = pending.write;
    write.nodes.clear();
    if (write.batch) {
      frontier.append(pending.leaf,
                      [&write](unsigned level, std::uint64_t index, const wire::TreeHash& node) {
                        write.nodes.push_back({level, index, std::string(node.view())});
                      });
      write.batch->position = frontier.size();
    }
    writes.push_back(std::move(write));
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto done = ledger_.commit(writes);
  for (std::size_t i = 0; i < group.size(); ++i) group[i].write = std::move(writes[i]);
  metrics_.commit.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  ++metrics_.commits;
  if (!done) {
    problem_ = done.error().problem;
    ++metrics_.commit_failures;
    log(Level::error, "commit.failed",
        {{"why", done.error().text}, {"batches", std::to_string(group.size())}});
    return false;
  }
  frontier_ = std::move(frontier);
  size_ = frontier_.size();
  metrics_.ledger_position = size_.load();
  return true;
}

/// One that cannot be stored must not take the others with it.
void CommitQueue::commit_one_by_one(std::vector<PendingWrite>& group) {
  for (PendingWrite& pending : group) {
    std::vector<PendingWrite> one;
    one.push_back(std::move(pending));
    tell(one.front(), commit(one));
  }
}

void CommitQueue::tell(PendingWrite& write, bool stored) {
  if (stored)
    for (const Alarm& alarm : write.write.alarms) {
      metrics_.count_alarm(alarm.kind);
      log(Level::warning, "alarm", {{"kind", alarm.kind}, {"device", alarm.device}, {"text", alarm.text}});
    }
  if (write.done) workers_.push([done = std::move(write.done), stored] { done(stored); });
}

}  // namespace cmdai::collector
