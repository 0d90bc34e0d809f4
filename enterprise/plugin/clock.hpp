#pragma once
// Time as it is handed in: the tests drive it.
#include <cstdint>

namespace cmdai::device {

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  virtual int64_t now_ms() = 0;   ///< Unix, UTC; may jump
  virtual int64_t mono_ms() = 0;  ///< since some moment; never goes back
};

}  // namespace cmdai::device
