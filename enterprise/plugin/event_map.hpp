#pragma once
// From a line of the local event log to the members of an event for the collector (docs/collector-events.md).
// What a privacy level or a full spool leaves out is left out here, before anything is hashed.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "enterprise/plugin/problem.hpp"
#include "enterprise/protocol/bytes.hpp"

namespace cmdai::device {

/// What all events of this device say alike.
struct EventContext {
  std::string tenant, device, host, os, serial_hash;
  std::string version, binary, assurance;  ///< of the daemon
  std::string user, boot_id;
  uint32_t uid = 0;
  int privacy = 1;
  std::optional<wire::BoxPublicKey> break_glass;
  wire::Key32 tenant_key;
};

enum class Detail : uint8_t {
  full,   ///< all that the privacy level lets through
  digest  ///< the spool is nearly full: hash, rule and decision
};

struct MappedEvent {
  std::string type;
  std::string members;  ///< JSON members without braces
  int64_t time_ms = 0;
  /// A block, an ask, something that speaks of an attack: sent at once, and never folded into others.
  bool urgent = false;
  /// A plain allow, or the end of a command: under a flood many of these become one event.
  bool foldable = false;
};

/// A line that is no event of ours becomes an event `local.unreadable` with its hash and length: nothing is
/// left out silently.
MappedEvent map_event(uint64_t local_seq, std::string_view line, const EventContext& context, Detail detail);

/// Members of an event the plugin itself has something to say with. `about`: its own members.
std::string own_members(const EventContext& context, int64_t time_ms, std::string_view salt,
                        std::string_view about);

/// In place of an event that is too large: its hash, its size, and what was decided.
std::string stub_members(std::string_view type, std::string_view members, const EventContext& context,
                         int64_t time_ms);

/// The program a command line begins with, without its folder; empty where that is not plain.
std::string program_of(std::string_view line);

}  // namespace cmdai::device
