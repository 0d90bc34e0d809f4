#include "libcore/base/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cmdai {
namespace {

/// Control characters would move the caret or the cursor: show them as one visible cell each.
std::string visible(std::string_view line) {
  std::string out;
  for (char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte == '\t' ? ' ' : (byte < 0x20 || byte == 0x7f) ? '?' : c;
  }
  return out;
}

uint32_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<uint32_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<uint32_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    uint32_t diagonal = row[0];
    row[0] = static_cast<uint32_t>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const uint32_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string Diagnostic::render() const {
  std::string out;
  if (!file.empty()) out += file + ':';
  if (line != 0) out += fmt::format("{}:", line);
  if (line != 0 && column != 0) out += fmt::format("{}:", column);
  if (!out.empty()) out += ' ';
  out += message;
  if (line != 0 && !source_line.empty()) {
    out += "\n  " + visible(source_line);
    if (column != 0)
      out += fmt::format("\n  {:>{}}{}", "", column - 1, std::string(std::max(length, 1U), '^'));
  }
  if (!hint.empty()) out += "\nhint: " + hint;
  return out;
}

Diagnostic diagnostic_at(std::string_view text, std::string_view file, uint32_t offset, uint32_t length,
                         std::string message, std::string hint) {
  const size_t at = std::min<size_t>(offset, text.size());
  const size_t newline_before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const size_t start = newline_before == std::string_view::npos ? 0 : newline_before + 1;
  const size_t stop = std::min(text.find('\n', start), text.size());
  Diagnostic d;
  d.message = std::move(message);
  d.file = file;
  d.line = static_cast<uint32_t>(
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  d.column = static_cast<uint32_t>(at - start + 1);
  d.length =
      std::max<uint32_t>(1, std::min<uint32_t>(length, static_cast<uint32_t>(stop > at ? stop - at : 1)));
  d.source_line = text.substr(start, stop - start);
  d.hint = std::move(hint);
  return d;
}

std::string_view nearest(std::string_view word, const std::string_view* first, const std::string_view* last) {
  std::string_view best;
  uint32_t best_distance = 1 + static_cast<uint32_t>(word.size()) / 3;
  for (; first != last; ++first) {
    const uint32_t distance = edit_distance(word, *first);
    if (distance <= best_distance && (best.empty() || distance < best_distance)) {
      best = *first;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace cmdai
