#pragma once
// The collector's log: checkpoints over the tree of batches, and proofs out of it.
#include <mutex>
#include <optional>
#include <string>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/base/message.hpp"
#include "enterprise/collector/service/commit_queue.hpp"
#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/store/store.hpp"

namespace cmdai::collector {

/// Thread-safe.
class LogDesk {
 public:
  LogDesk(const Keyring& keyring, Store& store, const CommitQueue& queue, Metrics& metrics, Clock clock)
      : keyring_(keyring), store_(store), queue_(queue), metrics_(metrics), clock_(std::move(clock)) {}

  /// Signs the tree as it is now, if it has grown.
  Done checkpoint();

  Response consistency(const Request& request);
  Response inclusion(const Request& request);

  struct Proof {
    std::uint64_t leaf = 0, size = 0;
    std::vector<std::string> path;  // hex
    std::string checkpoint;         // signed note of `size`
  };
  /// Of a stored batch, to the last checkpoint. Nothing: it is not in one yet.
  Result<std::optional<Proof>> prove(std::uint64_t position);

 private:
  const Keyring& keyring_;
  Store& store_;
  const CommitQueue& queue_;
  Metrics& metrics_;
  Clock clock_;
  std::mutex mutex_;
};

}  // namespace cmdai::collector
