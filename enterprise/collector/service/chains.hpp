#pragma once
// Where each chain stands, in memory, and that one batch of a chain is looked at at a time.
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "enterprise/collector/store/ledger.hpp"
#include "enterprise/protocol/batch_check.hpp"

namespace cmdai::collector {

struct LiveChain {
  wire::ChainState state;
  std::uint64_t gaps = 0;
  double allowance = 0;  // events it may still send (a bucket that fills)
  Time filled = 0;
  bool busy = false;  // guarded by Chains
};

enum class ChainWhy { taken, busy, unknown, unavailable };

class Chains;

/// The chain belongs to who holds this; it is given back when this goes.
class ChainLease {
 public:
  ChainLease(Chains& owner, std::shared_ptr<LiveChain> chain) : owner_(&owner), chain_(std::move(chain)) {}
  ~ChainLease();
  ChainLease(const ChainLease&) = delete;
  ChainLease& operator=(const ChainLease&) = delete;
  LiveChain* operator->() const { return chain_.get(); }
  LiveChain& operator*() const { return *chain_; }

 private:
  Chains* owner_;
  std::shared_ptr<LiveChain> chain_;
};

/// Thread-safe.
class Chains {
 public:
  explicit Chains(Ledger& ledger) : ledger_(ledger) {}
  struct Taken {
    ChainWhy why = ChainWhy::taken;
    std::shared_ptr<ChainLease> lease;  // where taken
  };
  Taken take(const wire::DeviceId& device, const wire::ChainId& chain);

 private:
  friend class ChainLease;
  Taken lease(const std::shared_ptr<LiveChain>& chain);
  void give_back(LiveChain& chain);

  Ledger& ledger_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<LiveChain>> live_;
};

}  // namespace cmdai::collector
