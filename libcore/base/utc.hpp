#pragma once
// A point in time as text.
#include <cstdint>
#include <string>

namespace cmdai {

/// Unix seconds as RFC 3339 in UTC: 2027-01-31T12:00:00Z.
std::string utc_text(int64_t seconds);

}  // namespace cmdai
