#pragma once
// The documents devices fetch: roots, the policy in force, and the timestamp that names it. The timestamp is
// made here, with the online key, whenever one of the others or the list of revoked devices changes, and
// before it runs out.
#include <memory>
#include <mutex>
#include <string>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/store/store.hpp"

namespace cmdai::collector {

/// Thread-safe.
class PolicyDesk {
 public:
  PolicyDesk(const Keyring& keyring, Store& store, Clock clock)
      : keyring_(keyring), store_(store), clock_(std::move(clock)) {}

  /// Reads what is stored, stores the roots, and makes a timestamp where there is none that still holds.
  Done open();
  /// A policy's envelope. invalid: what is wrong with it, conflict: its version is not above the last.
  Result<std::uint64_t> publish(const std::string& envelope);
  /// A new timestamp, for what holds now.
  Done renew();
  /// The same, when half of the present one's time is over.
  Done renew_if_old();

  struct Served {
    std::string timestamp, policy;  // envelopes; policy is empty before the first
    std::uint64_t timestamp_version = 0, policy_version = 0;
    Time renewed = 0;
  };
  std::shared_ptr<const Served> served() const;
  std::uint64_t timestamp_version() const { return served()->timestamp_version; }
  /// The envelope of a root, or nothing.
  std::optional<std::string> root(std::uint64_t version) const;

 private:
  Done renew_locked();

  const Keyring& keyring_;
  Store& store_;
  Clock clock_;
  std::mutex change_;  // one change at a time
  mutable std::mutex mutex_;
  std::shared_ptr<const Served> served_ = std::make_shared<Served>();
};

}  // namespace cmdai::collector
