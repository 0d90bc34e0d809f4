#pragma once
// What every event says of itself and of where it comes from.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "enterprise/plugin/event_map.hpp"

namespace cmdai::device {

/// event_uid, time_ms, boot_id, tenant, device, daemon. The uid is a UUIDv7 whose random part is the hash of
/// device and `salt`: the same local line told twice has the same one.
nlohmann::ordered_json identity_members(const EventContext& context, int64_t time_ms, std::string_view salt);

/// `2026-01-31T12:00:00.123Z` in Unix milliseconds.
std::optional<int64_t> time_of(std::string_view text);

/// `[a-z0-9._-]{1,64}`, and no name of the protocol's own.
bool is_type(std::string_view text);

}  // namespace cmdai::device
