#include "enterprise/collector/service/chains.hpp"

#include "enterprise/collector/base/log.hpp"

namespace cmdai::collector {

namespace {

constexpr std::size_t kMostLive = 200'000;

std::shared_ptr<LiveChain> live_of(const ChainState& row) {
  auto head = wire::Digest::from_hex(row.head);
  auto key = wire::Key32::from_bytes(row.ratchet);
  if (!head || !key) return nullptr;
  return std::make_shared<LiveChain>(
      LiveChain{{row.next, *head, wire::Ratchet(std::move(*key), row.next), wire::BootId::from_hex(row.boot)},
                row.gaps,
                0,
                0,
                false});
}

}  // namespace

ChainLease::~ChainLease() { owner_->give_back(*chain_); }

void Chains::give_back(LiveChain& chain) {
  const std::scoped_lock lock(mutex_);
  chain.busy = false;
}

Chains::Taken Chains::lease(const std::shared_ptr<LiveChain>& chain) {
  if (chain->busy) return {ChainWhy::busy, nullptr};
  chain->busy = true;
  return {ChainWhy::taken, std::make_shared<ChainLease>(*this, chain)};
}

Chains::Taken Chains::take(const wire::DeviceId& device, const wire::ChainId& chain) {
  const std::string name = std::string(device.view()).append(chain.view());
  {
    const std::scoped_lock lock(mutex_);
    const auto known = live_.find(name);
    if (known != live_.end()) return lease(known->second);
  }
  auto row = ledger_.chain(device.hex(), chain.hex());
  if (!row) {
    log(Level::error, "chain.unreadable", {{"device", device.hex()}, {"why", row.error().text}});
    return {ChainWhy::unavailable, nullptr};
  }
  const std::optional<ChainState>& stored = *row;
  if (!stored) return {ChainWhy::unknown, nullptr};
  auto live = live_of(*stored);
  if (live == nullptr) return {ChainWhy::unavailable, nullptr};
  const std::scoped_lock lock(mutex_);
  if (live_.size() >= kMostLive) std::erase_if(live_, [](const auto& entry) { return !entry.second->busy; });
  return lease(live_.try_emplace(name, std::move(live)).first->second);
}

}  // namespace cmdai::collector
