#pragma once
// When to try again: doubling, with full jitter, so that a fleet does not come back all at once.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>

namespace cmdai::device {

/// A number in [0, most].
using Random = std::function<int64_t(int64_t most)>;

class Backoff {
 public:
  static constexpr int64_t kFirstMs = 1000;
  static constexpr int64_t kMostMs = 3'600'000;

  /// Milliseconds to wait after one more failure. `asked`: what Retry-After says: not earlier than that (or
  /// half an hour), and never later than an hour.
  int64_t failed(const Random& random, std::optional<int64_t> asked_ms = std::nullopt) {
    const int64_t most = std::min(kMostMs, kFirstMs << std::min(failures_, 12U));
    ++failures_;
    if (!asked_ms) return random(most);
    const int64_t asked = std::clamp<int64_t>(*asked_ms, 0, kMostMs / 2);
    return asked + random(std::min(std::max(asked, most), kMostMs - asked));
  }
  void worked() { failures_ = 0; }
  unsigned failures() const { return failures_; }

 private:
  unsigned failures_ = 0;
};

}  // namespace cmdai::device
