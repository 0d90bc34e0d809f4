#include "libcore/base/unicode.hpp"

#include <algorithm>

namespace cmdai {
namespace {

struct Span {
  char32_t first, last;
};

template <size_t N>
constexpr bool within(const Span (&spans)[N], char32_t c) {
  for (const Span& s : spans)
    if (c >= s.first && c <= s.last) return true;
  return false;
}

constexpr Span kBidi[] = {{0x061c, 0x061c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
// Default_Ignorable_Code_Point of Unicode 15 without what writing systems and emoji need (FE00-FE0F), plus
// line separators.
constexpr Span kInvisible[] = {{0x00ad, 0x00ad}, {0x034f, 0x034f},   {0x115f, 0x1160},  {0x17b4, 0x17b5},
                               {0x180b, 0x180f}, {0x200b, 0x200d},   {0x2028, 0x2029},  {0x2060, 0x2065},
                               {0x206a, 0x206f}, {0x3164, 0x3164},   {0xfeff, 0xfeff},  {0xffa0, 0xffa0},
                               {0xfff9, 0xfffb}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
constexpr Span kCombining[] = {{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},
                               {0x064b, 0x065f}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x1ab0, 0x1aff},
                               {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
constexpr Span kWide[] = {{0x1100, 0x115e},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
                          {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
                          {0xfe30, 0xfe4f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
                          {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x2fffd}, {0x30000, 0x3fffd}};

}  // namespace

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

CodePoint decode_utf8(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1, true};
  const uint32_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const CodePoint bad{first, 1, false};
  if (first < 0xc2 || first > 0xf4 || at + size > text.size()) return bad;
  char32_t value = first & (0x7fU >> size);
  for (uint32_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xc0U) != 0x80U) return bad;
    value = (value << 6U) | (byte(at + i) & 0x3fU);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return bad;
  return {value, size, true};
}

CharClass char_class(char32_t c) {
  if (c == '\t' || c == '\n') return CharClass::blank;
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return CharClass::control;
  if (c < 0xa0) return CharClass::plain;
  if (within(kBidi, c)) return CharClass::bidi;
  if (within(kInvisible, c)) return CharClass::invisible;
  return CharClass::plain;
}

int column_width(char32_t c) {
  if (c < 0x300) return 1;
  if (within(kCombining, c)) return 0;
  return within(kWide, c) ? 2 : 1;
}

std::optional<Range> find_hidden(std::string_view text) {
  char32_t before = 0;
  for (size_t at = 0; at < text.size();) {
    if (text[at] >= ' ' && text[at] <= '~') {  // nearly all there is
      before = static_cast<unsigned char>(text[at++]);
      continue;
    }
    const CodePoint c = decode_utf8(text, at);
    const CharClass kind = c.valid ? char_class(c.value) : CharClass::plain;
    if (kind != CharClass::plain && kind != CharClass::blank) {
      const size_t next = at + c.size;
      const bool line_end = c.value == '\r' && (next == text.size() || text[next] == '\n');
      // Joiners have work to do in emoji sequences, Persian and Indic text: between two characters that are
      // not ASCII.
      const bool joins = (c.value == 0x200d || c.value == 0x200c) && before >= 0x80 && next < text.size() &&
                         static_cast<unsigned char>(text[next]) >= 0x80;
      if (!line_end && !joins) return Range{static_cast<uint32_t>(at), static_cast<uint32_t>(next)};
    }
    before = c.value;
    at += c.size;
  }
  return std::nullopt;
}

}  // namespace cmdai
