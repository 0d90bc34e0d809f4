#pragma once
// The collector's clock, as a value that tests can hand in.
#include <cstdint>
#include <functional>

namespace cmdai::collector {

/// Unix milliseconds, UTC.
using Time = std::int64_t;
using Clock = std::function<Time()>;

Time now_ms();

inline constexpr Time kSecond = 1000;
inline constexpr Time kMinute = 60 * kSecond;
inline constexpr Time kHour = 60 * kMinute;
inline constexpr Time kDay = 24 * kHour;

}  // namespace cmdai::collector
