#pragma once
// An event is one line of JSON whose first members stand in a fixed order and form, so that a chain is
// checked without parsing JSON. The line is hashed as it is and never written again.
#include <cstdint>
#include <string>
#include <string_view>

#include "enterprise/protocol/bytes.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

inline constexpr size_t kMaxEvent = size_t{256} << 10;
inline constexpr std::string_view kGapType = "chain.gap";

struct EventHead {
  uint64_t seq = 1;  ///< 1 .. kMaxNumber
  Digest prev;       ///< zeros in event 1
  ChainId chain;
  std::string_view type;  ///< borrowed from the line; `[a-z0-9._-]{1,64}`
};

/// Appends `{"v":1,"seq":…,"prev":"…","chain":"…","type":"…",`: what an event begins with. At least one more
/// member and the closing brace follow.
void write_event_head(std::string& out, const EventHead& head);

/// The head by its exact bytes, without allocating. Also: length, no line break within, `}` at the end. Not
/// that the rest is JSON.
Result<EventHead> read_event_head(std::string_view line);

/// Numbers left out, as the event `chain.gap` declares them.
struct Gap {
  uint64_t from = 0;  ///< first number left out
  uint64_t to = 0;    ///< last one; the event's own number is to + 1
  std::string cause;  ///< `unclean-stop`, `spool-damaged`, `disk-full`
  BootId boot_id;
};
/// The member of a `chain.gap` event that says it: `"gap":{…}` (no comma around it).
std::string write_gap(const Gap& gap);
/// The `gap` member of a whole event line.
Result<Gap> read_gap(std::string_view line);

}  // namespace cmdai::wire
