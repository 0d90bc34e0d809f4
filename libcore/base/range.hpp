#pragma once
// Byte positions. Commands are bytes, not UTF-8; a position counts bytes from 0.
#include <cstdint>

namespace cmdai {

/// Half-open byte range [begin, end) in one source text.
struct Range {
  uint32_t begin = 0;
  uint32_t end = 0;
  constexpr uint32_t size() const { return end - begin; }
  constexpr bool empty() const { return begin == end; }
  constexpr bool contains(Range other) const { return begin <= other.begin && other.end <= end; }
  friend constexpr bool operator==(Range, Range) = default;
};

}  // namespace cmdai
