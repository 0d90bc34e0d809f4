#include "libcore/base/punycode.hpp"

#include <cstdint>

namespace cmdai {
namespace {

// The parameters of punycode: RFC 3492, section 5.
constexpr uint32_t kBase = 36, kMinimum = 1, kMaximum = 26, kSkew = 38, kDamp = 700, kFirstBias = 72;
constexpr uint32_t kFirstCode = 0x80, kLastCode = 0x10ffff;
constexpr size_t kLongestLabel = 63;

std::optional<uint32_t> digit_of(char c) {
  if (c >= 'a' && c <= 'z') return static_cast<uint32_t>(c - 'a');
  if (c >= 'A' && c <= 'Z') return static_cast<uint32_t>(c - 'A');
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0' + 26);
  return std::nullopt;
}

uint32_t threshold(uint32_t k, uint32_t bias) {
  if (k <= bias) return kMinimum;
  return k >= bias + kMaximum ? kMaximum : k - bias;
}

uint32_t adapted(uint32_t delta, uint32_t points, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / points;
  uint32_t k = 0;
  for (; delta > (kBase - kMinimum) * kMaximum / 2; k += kBase) delta /= kBase - kMinimum;
  return k + (kBase - kMinimum + 1) * delta / (delta + kSkew);
}

/// A number of variable length; `at` moves behind it. Nothing: cut short, a foreign character, too large.
std::optional<uint32_t> read_number(std::string_view text, size_t& at, uint32_t bias) {
  uint64_t value = 0, weight = 1;
  for (uint32_t k = kBase;; k += kBase) {
    if (at >= text.size()) return std::nullopt;
    const auto digit = digit_of(text[at++]);
    if (!digit) return std::nullopt;
    value += *digit * weight;
    if (value > UINT32_MAX / 2) return std::nullopt;
    const uint32_t t = threshold(k, bias);
    if (*digit < t) return static_cast<uint32_t>(value);
    weight *= kBase - t;
    if (weight > UINT32_MAX) return std::nullopt;
  }
}

bool is_scalar(uint64_t c) { return c <= kLastCode && (c < 0xd800 || c > 0xdfff); }

}  // namespace

std::optional<std::u32string> decode_punycode(std::string_view encoded) {
  if (encoded.empty() || encoded.size() > kLongestLabel) return std::nullopt;
  std::u32string points;
  const size_t hyphen = encoded.rfind('-');
  size_t at = 0;
  if (hyphen != std::string_view::npos) {
    for (const char c : encoded.substr(0, hyphen)) {
      if (static_cast<unsigned char>(c) >= kFirstCode) return std::nullopt;
      points += static_cast<char32_t>(c);
    }
    at = hyphen + 1;
  }
  uint64_t code = kFirstCode, place = 0;
  uint32_t bias = kFirstBias;
  while (at < encoded.size()) {
    const auto delta = read_number(encoded, at, bias);
    if (!delta) return std::nullopt;
    const auto count = static_cast<uint32_t>(points.size()) + 1;
    bias = adapted(*delta, count, points.size() == (hyphen == std::string_view::npos ? 0 : hyphen));
    code += (place + *delta) / count;
    place = (place + *delta) % count;
    if (!is_scalar(code)) return std::nullopt;
    points.insert(points.begin() + static_cast<std::ptrdiff_t>(place), static_cast<char32_t>(code));
    ++place;
  }
  return points;
}

}  // namespace cmdai
