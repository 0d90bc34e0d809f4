#include <algorithm>

#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {
namespace {

/// Matches one character against the bracket expression at pattern[at]; moves `at` behind it.
bool bracket(std::string_view pattern, size_t& at, char c) {
  size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  const size_t first = i;
  bool matched = false;
  for (; i < pattern.size() && (pattern[i] != ']' || i == first); ++i) {
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      matched |= pattern[i] <= c && c <= pattern[i + 2];
      i += 2;
    } else {
      matched |= pattern[i] == c;
    }
  }
  if (i >= pattern.size()) return at++, c == '[';
  at = i + 1;
  return matched != negated;
}

}  // namespace

/// Iterative with one backtracking point: linear in practice, never exponential, quadratic at worst.
bool glob_match(std::string_view pattern, std::string_view text, uint64_t& steps) {
  size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (steps == 0) return false;
    --steps;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
      continue;
    }
    bool one = false;
    if (p < pattern.size()) {
      if (pattern[p] == '?')
        one = true, ++p;
      else if (pattern[p] == '[') {
        const size_t before = p;
        one = bracket(pattern, p, text[t]);
        steps -= std::min<uint64_t>(steps, p - before);
      } else if (pattern[p] == '\\' && p + 1 < pattern.size())
        one = pattern[p + 1] == text[t], p += 2;
      else
        one = pattern[p] == text[t], ++p;
    }
    if (one) {
      ++t;
      continue;
    }
    if (star == std::string_view::npos) return false;
    p = star + 1;
    t = ++mark;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace cmdai::resolve
