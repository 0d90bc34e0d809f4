#include "enterprise/collector/base/clock.hpp"

#include <chrono>

namespace cmdai::collector {

Time now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace cmdai::collector
