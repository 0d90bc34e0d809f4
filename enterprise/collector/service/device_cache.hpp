#pragma once
// Devices as their requests need them, in memory: read from the store when first asked for, and again when
// they changed.
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "enterprise/collector/store/store.hpp"
#include "enterprise/protocol/bytes.hpp"

namespace cmdai::collector {

struct KnownDevice {
  Device row;
  wire::DeviceId id;
  wire::PublicKey pub;
  std::optional<wire::PublicKey> previous;  // good until the new one was used
  std::optional<wire::PublicKey> retired;   // good no more
  Time not_after = 0;                       // of its certificate
};

/// Thread-safe.
class DeviceCache {
 public:
  explicit DeviceCache(Devices& store) : store_(store) {}
  /// nullptr: there is none.
  Result<std::shared_ptr<const KnownDevice>> find(const wire::DeviceId& id);
  void forget(const wire::DeviceId& id);

 private:
  Devices& store_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const KnownDevice>> known_;
};

}  // namespace cmdai::collector
