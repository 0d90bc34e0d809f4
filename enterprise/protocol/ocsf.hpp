#pragma once
// An event as OCSF (docs/collector-events.md has the table).
#include <string>
#include <string_view>

#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

enum class OcsfVersion : uint8_t {
  v1_8,  ///< `1.8.0`: what is newer stands under `unmapped`
  v1_9,
};

/// One JSON object without a line break. malformed: the line is no event.
Result<std::string> to_ocsf(std::string_view event_line, OcsfVersion version = OcsfVersion::v1_8);

}  // namespace cmdai::wire
