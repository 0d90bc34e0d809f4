// {1..5} {01..10..2} {a..e}, with the differences between bash 5, bash 3.2 and zsh.
#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "libcore/resolve/braces.hpp"

namespace cmdai::resolve {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::optional<int64_t> number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool zero_padded(std::string_view text) {
  return (text.size() > 1 && text[0] == '0') || (text.size() > 2 && text[0] == '-' && text[1] == '0');
}

std::string padded(int64_t value, size_t width) {
  std::string digits = std::to_string(value);
  const size_t sign = value < 0 ? 1 : 0;
  if (digits.size() < width) digits.insert(sign, width - digits.size(), '0');
  return digits;
}

struct Bounds {
  std::string_view first, last, step;
  bool has_step = false;
};

std::optional<Bounds> split(std::string_view inside) {
  Bounds b;
  const size_t dots = inside.find("..", 1);
  if (inside.empty() || dots == std::string_view::npos) return std::nullopt;
  b.first = inside.substr(0, dots);
  b.last = inside.substr(dots + 2);
  if (const size_t more = b.last.find("..", 1); more != std::string_view::npos && more < b.last.size()) {
    b.step = b.last.substr(more + 2);
    b.last = b.last.substr(0, more);
    b.has_step = true;
  }
  return b;
}

/// The distance is unsigned: -9223372036854775808..9223372036854775807 must not overflow.
template <class Make>
std::vector<std::string> walk(int64_t from, int64_t to, uint64_t step, size_t limit, bool* truncated,
                              Make make) {
  const bool down = from > to;
  const uint64_t distance = down ? static_cast<uint64_t>(from) - static_cast<uint64_t>(to)
                                 : static_cast<uint64_t>(to) - static_cast<uint64_t>(from);
  const uint64_t steps = distance / step;  // members after the first
  if (steps >= limit) *truncated = true;
  const uint64_t members = steps >= limit ? limit : steps + 1;
  std::vector<std::string> out;
  out.reserve(members);
  for (uint64_t i = 0; i < members; ++i) {
    const uint64_t offset = i * step;
    const uint64_t value = down ? static_cast<uint64_t>(from) - offset : static_cast<uint64_t>(from) + offset;
    out.push_back(make(static_cast<int64_t>(value)));
  }
  return out;
}

std::vector<std::string> letters(char from, char to, uint64_t step, size_t limit, bool* truncated) {
  return walk(static_cast<unsigned char>(from), static_cast<unsigned char>(to), step, limit, truncated,
              [](int64_t value) { return std::string(1, static_cast<char>(value)); });
}

uint64_t magnitude(int64_t value) {
  return value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
}

}  // namespace

std::optional<std::vector<std::string>> brace_sequence(const std::string& inside, const Dialect& dialect,
                                                       size_t limit, bool* truncated) {
  const bool zsh = dialect.shell == Shell::zsh;
  const bool old_bash = dialect.shell == Shell::bash && dialect.version != 0 && dialect.version < 400;
  const std::optional<Bounds> b = split(inside);
  if (!b || b->last.empty() || (b->has_step && old_bash)) return std::nullopt;
  int64_t step = 1;
  if (b->has_step) {
    const std::optional<int64_t> given = number(b->step);
    if (!given) return std::nullopt;
    // zsh drops the braces of a sequence that does not move; bash takes every member.
    if (*given == 0 && zsh) return std::vector<std::string>{inside};
    step = *given == 0 ? 1 : *given;
  }
  const std::optional<int64_t> from = number(b->first), to = number(b->last);
  if (from && to) {
    size_t width = 0;
    if (!old_bash && (zero_padded(b->first) || zero_padded(b->last)))
      width = std::max(b->first.size(), b->last.size());
    auto out =
        walk(*from, *to, magnitude(step), limit, truncated, [&](int64_t v) { return padded(v, width); });
    if (zsh && step < 0) std::reverse(out.begin(), out.end());
    return out;
  }
  if (b->first.size() != 1 || b->last.size() != 1) return std::nullopt;
  if (zsh)
    return b->has_step ? std::nullopt : std::optional(letters(b->first[0], b->last[0], 1, limit, truncated));
  if (!is_letter(b->first[0]) || !is_letter(b->last[0])) return std::nullopt;
  return letters(b->first[0], b->last[0], magnitude(step), limit, truncated);
}

}  // namespace cmdai::resolve
