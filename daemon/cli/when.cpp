#include "daemon/cli/when.hpp"

#include <time.h>
#include <charconv>
#include <chrono>

#include <string>

namespace cmdai::cli {

int64_t now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<int64_t> parse_when(std::string_view text, int64_t now, int sign) {
  int64_t count = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(stop, static_cast<size_t>(text.data() + text.size() - stop));
  if (error == std::errc() && count >= 0 && count < 1'000'000 && unit.size() == 1) {
    const int64_t seconds = unit == "s"   ? 1
                            : unit == "m" ? 60
                            : unit == "h" ? 3600
                            : unit == "d" ? 86400
                            : unit == "w" ? 604800
                                          : 0;
    if (seconds != 0) return now + sign * count * seconds;
  }
  const std::string copy(text);
  for (const char* format : {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"}) {
    tm parts{};
    const char* end = strptime(copy.c_str(), format, &parts);
    if (end == nullptr || *end != '\0') continue;
    // 31 February is the 3rd of March to the C library, and no date to us.
    const int day = parts.tm_mday;
    parts.tm_isdst = -1;
    const time_t time = copy.back() == 'Z' ? timegm(&parts) : mktime(&parts);
    if (parts.tm_mday == day) return time;
  }
  return std::nullopt;
}

std::string local_time(int64_t seconds) {
  const time_t time = static_cast<time_t>(seconds);
  tm parts{};
  char text[64];
  if (localtime_r(&time, &parts) == nullptr || strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts) == 0)
    return std::to_string(seconds);
  return text;
}

}  // namespace cmdai::cli
