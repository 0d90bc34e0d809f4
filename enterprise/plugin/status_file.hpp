#pragma once
// How the device stands, for people: the lines of `cmdai status`, and the file `status` that `cmdai audit
// status` reads while the plugin runs beside it.
#include <string>
#include <utility>
#include <vector>

#include "enterprise/plugin/device.hpp"

namespace cmdai::device {

std::vector<std::pair<std::string, std::string>> status_lines(const DeviceStatus& status);

/// Written when it says something new, at most every second.
Result<void> store_status(Disk& disk, const DeviceStatus& status, int64_t now_ms);

inline constexpr const char* kStatusFile = "status";

/// `2026-01-31 12:00:00 UTC`, or `never` for 0.
std::string time_text(int64_t time_ms);

}  // namespace cmdai::device
