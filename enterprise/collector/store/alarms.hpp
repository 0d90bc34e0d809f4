#pragma once
// Alarms: what the collector itself found out about a device.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector {

/// kinds: fork, gap, gap-declared, tamper, silent, token-reused, clock, revoked-key, checkpoint.
struct Alarm {
  std::uint64_t id = 0;  // given by the store, rising
  Time time = 0;
  std::string kind;
  std::string severity;  // critical, high, medium
  std::string device;    // may be empty
  std::string text;      // a sentence for people
  bool open = true;
};

struct AlarmFilter {
  std::string kind, device;
  std::optional<bool> open;
  std::uint64_t before = 0;  // only ids below it; 0: the newest
  std::size_t limit = 100;
};

/// Thread-safe.
class Alarms {
 public:
  virtual ~Alarms() = default;
  virtual Result<std::uint64_t> add(const Alarm& alarm) = 0;
  /// Newest first.
  virtual Result<std::vector<Alarm>> list(const AlarmFilter& filter) = 0;
  /// Closes one; not_found where there is none.
  virtual Done close(std::uint64_t id) = 0;
};

}  // namespace cmdai::collector
