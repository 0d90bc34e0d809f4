#pragma once
// What `status` tells: counters, and latencies in constant memory.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace cmdai::daemon {

/// Buckets of an eighth of a power of two: percentiles within 12.5 %.
class Latencies {
 public:
  void add(uint64_t microseconds) {
    ++buckets_[bucket(microseconds)];
    ++count_;
  }
  /// The upper end of the bucket that holds the given share (0 … 1) of all; 0 when there is none.
  uint64_t percentile(double share) const {
    if (count_ == 0) return 0;
    const auto wanted = static_cast<uint64_t>(share * static_cast<double>(count_ - 1)) + 1;
    uint64_t seen = 0;
    for (size_t i = 0; i < buckets_.size(); ++i)
      if ((seen += buckets_[i]) >= wanted) return upper(i);
    return upper(buckets_.size() - 1);
  }

 private:
  static constexpr uint64_t kLinear = 16;
  static size_t bucket(uint64_t v) {
    if (v < kLinear) return static_cast<size_t>(v);
    const auto exponent = static_cast<size_t>(std::bit_width(v)) - 1;  // at least 4
    const size_t index = kLinear + (exponent - 4) * 8 + static_cast<size_t>((v >> (exponent - 3)) & 7U);
    return index < kBuckets ? index : kBuckets - 1;
  }
  static uint64_t upper(size_t index) {
    if (index < kLinear) return index;
    const size_t exponent = (index - kLinear) / 8 + 4;
    const uint64_t eighth = (index - kLinear) % 8;
    return ((8 + eighth + 1) << (exponent - 3)) - 1;
  }
  static constexpr size_t kBuckets = 16 + 8 * 30;
  std::array<uint64_t, kBuckets> buckets_{};
  uint64_t count_ = 0;
};

struct Statistics {
  uint64_t checks = 0;
  uint64_t stopped = 0;  ///< asked or blocked
  Latencies latencies;
};

}  // namespace cmdai::daemon
