#pragma once
// Points in time as people write and read them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cmdai::cli {

int64_t now_seconds();  ///< Unix seconds

/// "30m", "2h", "7d" (s m h d w) from `now`, forwards (sign 1) or backwards (sign -1); or a date, or a date
/// with a time: "2027-01-31", "2027-01-31T18:00", "…:00:00", local time, UTC with a final Z. Unix seconds;
/// nullopt: neither.
std::optional<int64_t> parse_when(std::string_view text, int64_t now, int sign);

/// "2027-01-31 18:00:00" where we are.
std::string local_time(int64_t seconds);

}  // namespace cmdai::cli
