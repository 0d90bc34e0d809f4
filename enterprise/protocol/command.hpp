#pragma once
// What a collector may ask of a device: signed, counted, short-lived, and only of the types the settings
// allow.
#include <set>
#include <string>
#include <string_view>

#include "enterprise/protocol/roles.hpp"

namespace cmdai::wire {

/// In one answer of the collector.
inline constexpr size_t kMaxCommands = 64;

struct Command {
  DeviceId device;
  uint64_t counter = 1;
  Millis expires = 0;
  std::string type;  ///< `pull-policy`, `heartbeat`, `rekey`
  bool operator==(const Command&) const = default;
};
std::string write(const Command& command);
Result<Command> read_command(std::string_view payload);

/// Signature of role `collector`, our device (content-mismatch), counter above `last_counter` (replay), in
/// time (expired), allowed (not-allowed). The caller stores the counter before it acts; it stores it for a
/// `not-allowed` too.
Result<Command> accept_command(std::string_view envelope, const Root& root, const DeviceId& device,
                               uint64_t last_counter, const std::set<std::string, std::less<>>& allowed,
                               Millis now);

}  // namespace cmdai::wire
