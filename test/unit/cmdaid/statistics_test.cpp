#include "daemon/cmdaid/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

using cmdai::daemon::Latencies;

TEST_CASE("percentiles are within an eighth of the true ones") {
  Latencies latencies;
  CHECK(latencies.percentile(0.5) == 0);
  std::vector<uint64_t> all;
  uint64_t v = 1;
  for (int i = 0; i < 5000; ++i) {
    v = (v * 6364136223846793005U + 1442695040888963407U);
    const uint64_t us = (v >> 33U) % (i % 100 == 0 ? 3'000'000 : 900);
    all.push_back(us);
    latencies.add(us);
  }
  std::sort(all.begin(), all.end());
  for (const double share : {0.0, 0.1, 0.5, 0.9, 0.99, 1.0}) {
    const auto exact =
        static_cast<double>(all[static_cast<size_t>(share * static_cast<double>(all.size() - 1))]);
    const auto told = static_cast<double>(latencies.percentile(share));
    CAPTURE(share);
    CHECK(told >= exact);
    CHECK(told <= exact * 1.126 + 1);
  }
}

TEST_CASE("small and huge times have their place") {
  for (const uint64_t us : {0UL, 1UL, 15UL, 16UL, 17UL, 1UL << 20U, 1UL << 30U}) {
    Latencies latencies;
    latencies.add(us);
    CAPTURE(us);
    CHECK(latencies.percentile(1) >= us);
    CHECK(latencies.percentile(1) <= us + us / 8 + 1);
  }
  Latencies latencies;
  latencies.add(~uint64_t{0});
  CHECK(latencies.percentile(0.5) > (uint64_t{1} << 32U));
}
