#include "daemon/cli/text_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cmdai::cli {
namespace {

constexpr size_t kContext = 3;
constexpr size_t kMostCells = 4'000'000;  ///< of the table below: 16 MB

using Lines = std::vector<std::string_view>;

/// Each with its newline: a last line without one is another line.
Lines lines_of(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const size_t size = end == std::string_view::npos ? text.size() : end + 1;
    out.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return out;
}

struct Step {
  char kind;  ///< ' ' both, '-' only before, '+' only after
  std::string_view line;
};

/// The longest common subsequence, by the table of all pairs.
void middle(const Lines& a, const Lines& b, std::vector<Step>& out) {
  const size_t width = b.size() + 1;
  const bool fits = (a.size() + 1) * width <= kMostCells;
  std::vector<uint32_t> longest(fits ? (a.size() + 1) * width : 0, 0);
  if (fits)
    for (size_t i = a.size(); i-- > 0;)
      for (size_t j = b.size(); j-- > 0;)
        longest[i * width + j] = a[i] == b[j]
                                     ? longest[(i + 1) * width + j + 1] + 1
                                     : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const bool both = fits && i < a.size() && j < b.size();
    if (both && a[i] == b[j]) {
      out.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() && (!both || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
      out.push_back({'-', a[i++]});
    } else {
      out.push_back({'+', b[j++]});
    }
  }
}

std::vector<Step> steps(Lines a, Lines b) {
  const auto front =
      static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const auto back = std::min(
      static_cast<size_t>(std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin()),
      std::min(a.size(), b.size()) - front);
  std::vector<Step> out;
  for (size_t i = 0; i < front; ++i) out.push_back({' ', a[i]});
  const auto inner = [&](const Lines& l) {
    return Lines(l.begin() + static_cast<ptrdiff_t>(front), l.end() - static_cast<ptrdiff_t>(back));
  };
  middle(inner(a), inner(b), out);
  for (size_t i = a.size() - back; i < a.size(); ++i) out.push_back({' ', a[i]});
  return out;
}

/// "3,7"; "0,0" of an empty text.
std::string span_of(size_t first, size_t count) {
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after) {
  const std::vector<Step> all = steps(lines_of(before), lines_of(after));
  std::string out;
  size_t a = 0;  // lines of each text before `at`
  size_t b = 0;
  for (size_t at = 0; at < all.size();) {
    const auto changed = [&](size_t from) {
      while (from < all.size() && all[from].kind == ' ') ++from;
      return from;
    };
    size_t end = changed(at);
    if (end == all.size()) break;
    const size_t begin = std::max(at, end - std::min(end, kContext));
    a += begin - at;
    b += begin - at;
    // Until no change follows within two contexts.
    for (size_t next = end; next < all.size() && next <= end + 2 * kContext; next = changed(next + 1))
      end = next;
    end = std::min(end + 1 + kContext, all.size());
    std::string body;
    size_t removed = 0;
    size_t added = 0;
    for (size_t i = begin; i < end; ++i) {
      removed += all[i].kind == '+' ? 0 : 1;
      added += all[i].kind == '-' ? 0 : 1;
      body += all[i].kind;
      body += all[i].line;
      if (!all[i].line.ends_with('\n')) body += "\n\\ No newline at end of file\n";
    }
    out += fmt::format("@@ -{} +{} @@\n{}", span_of(a, removed), span_of(b, added), body);
    a += removed;
    b += added;
    at = end;
  }
  return out;
}

}  // namespace cmdai::cli
