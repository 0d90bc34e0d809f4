#pragma once
// Commands to devices: signed when asked for, handed over with the next answer.
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/service/keyring.hpp"
#include "enterprise/collector/store/devices.hpp"
#include "enterprise/protocol/bytes.hpp"

namespace cmdai::collector {

/// Thread-safe.
class CommandDesk {
 public:
  CommandDesk(const Keyring& keyring, Devices& devices, Clock clock)
      : keyring_(keyring), devices_(devices), clock_(std::move(clock)) {}

  /// Good for an hour. Its counter. invalid: no such type.
  Result<std::uint64_t> give(const wire::DeviceId& device, const std::string& type);
  /// What waits for a device; it is handed over once.
  std::vector<std::string> take(const wire::DeviceId& device);

 private:
  const Keyring& keyring_;
  Devices& devices_;
  Clock clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<std::string>> waiting_;
};

}  // namespace cmdai::collector
