#pragma once
// Alarms as they are raised: the same one again and again from a device that tries again and again is told
// once an hour.
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/store/alarms.hpp"

namespace cmdai::collector {

/// A device's clock that is off by more is an alarm.
inline constexpr Time kClockOff = 120 * kSecond;

/// critical, high or medium.
std::string severity_of(std::string_view kind, bool aggravated = false);

/// Thread-safe.
class AlarmDesk {
 public:
  explicit AlarmDesk(Clock clock) : clock_(std::move(clock)) {}
  /// Nothing: it was raised within the hour. `detail` tells one of a kind from another.
  std::optional<Alarm> raise(const std::string& kind, const std::string& device, const std::string& detail,
                             std::string text, bool aggravated = false);

  /// What was raised of a device could not be stored: it counts as not raised.
  void withdraw(const std::string& device);

 private:
  Clock clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Time> raised_;
};

}  // namespace cmdai::collector
