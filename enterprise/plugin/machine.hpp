#pragma once
// The machine and its clock, as they really are.
#include <ctime>

#include "enterprise/plugin/clock.hpp"
#include "enterprise/plugin/device.hpp"
#include "libcore/plugin/plugin.hpp"

namespace cmdai::device {

class SystemClock : public Clock {
 public:
  int64_t now_ms() override { return read(CLOCK_REALTIME); }
  int64_t mono_ms() override { return read(CLOCK_MONOTONIC); }

 private:
  static int64_t read(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
  }
};

Machine machine_of(const plugin::Host& host);
/// Name and release of the operating system.
std::string os_text();

}  // namespace cmdai::device
