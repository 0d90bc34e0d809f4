#pragma once
// What the collector itself has to say is an event like any other: it keeps a chain of its own, as a device
// would, under its own key. So an alarm is in the record, in its order, signed, searchable, exported, and
// cannot be taken out again.
#include <cstdint>
#include <optional>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/service/commit_queue.hpp"
#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/store/store.hpp"
#include "enterprise/protocol/batch_check.hpp"

namespace cmdai::collector {

/// The id a collector has as a device: from its name, so that it is the same after each start.
wire::DeviceId own_device(const wire::Root& root);

/// Used by one thread.
class OwnChain {
 public:
  OwnChain(const Keyring& keyring, Store& store, CommitQueue& queue, Clock clock)
      : keyring_(keyring),
        store_(store),
        queue_(queue),
        clock_(std::move(clock)),
        id_(own_device(keyring.root)) {}

  /// Records the alarms since the last time. What a crash leaves between comes twice, under the same
  /// event_uid.
  Done turn();

 private:
  Done begin();
  Done enroll();
  Result<std::vector<Alarm>> fresh_alarms(std::uint64_t after);
  std::string line_of(const Alarm& alarm, const wire::ChainState& state) const;
  Done store(const std::vector<Alarm>& alarms);

  const Keyring& keyring_;
  Store& store_;
  CommitQueue& queue_;
  Clock clock_;
  wire::DeviceId id_;
  wire::ChainId chain_;
  wire::BootId boot_ = wire::random_fixed<wire::BootId>();
  std::optional<wire::ChainState> state_;
};

}  // namespace cmdai::collector
