#include "libcore/explain/snippet.hpp"

#include <algorithm>
#include <vector>

#include "libcore/base/unicode.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::explain {
namespace {

/// One visible unit: a character, or the escape that stands for it.
struct Cell {
  std::string text;
  uint32_t width = 1;
  size_t begin = 0;  ///< byte offset in the line
};

std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> out;
  for (size_t at = 0; at < line.size();) {
    const CodePoint c = decode_utf8(line, at);
    Cell cell;
    cell.begin = at;
    const bool plain = c.valid && char_class(c.value) == CharClass::plain;
    cell.text = c.value == '\t' ? " " : printable(line.substr(at, c.size));
    cell.width =
        plain ? static_cast<uint32_t>(column_width(c.value)) : static_cast<uint32_t>(cell.text.size());
    out.push_back(std::move(cell));
    at += c.size;
  }
  return out;
}

uint32_t columns(const std::vector<Cell>& cells, size_t from, size_t to) {
  uint32_t sum = 0;
  for (size_t i = from; i < to; ++i) sum += cells[i].width;
  return sum;
}

constexpr std::string_view kCut = "…";

/// Which cells to show: all, or a window that holds the start of the culprit a third from the left.
std::pair<size_t, size_t> window(const std::vector<Cell>& cells, size_t first, uint32_t width) {
  if (columns(cells, 0, cells.size()) <= width) return {0, cells.size()};
  const uint32_t room = width - 2;  // for the two cut marks
  size_t begin = first;
  for (uint32_t left = 0; begin > 0 && left + cells[begin - 1].width <= room / 3; --begin)
    left += cells[begin - 1].width;
  size_t end = begin;
  for (uint32_t used = 0; end < cells.size() && used + cells[end].width <= room; ++end)
    used += cells[end].width;
  while (end == cells.size() && begin > 0 && columns(cells, begin - 1, end) <= room) --begin;
  return {begin, end};
}

}  // namespace

Snippet snippet(std::string_view text, Range culprit, uint32_t width) {
  width = std::max(width, 20U);
  const size_t at = std::min<size_t>(culprit.begin, text.size());
  const size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view line = text.substr(start, std::min(text.find('\n', at), text.size()) - start);
  Snippet out;
  out.line_number = static_cast<uint32_t>(
                        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(start), '\n')) +
                    1;
  out.more_lines = line.size() < text.size() && text.substr(0, text.find_last_not_of('\n') + 1) != line;

  // A window of bytes first: a line of megabytes needs no cell for each.
  const size_t low = at - start > 4096 ? at - start - 4096 : 0;
  const std::string_view near = line.substr(low, 8192);
  const std::vector<Cell> cells = cells_of(near);
  const auto index = [&](size_t byte) {
    return static_cast<size_t>(std::lower_bound(cells.begin(), cells.end(), byte,
                                                [](const Cell& c, size_t b) { return c.begin < b; }) -
                               cells.begin());
  };
  const size_t first = index(at - start - low);
  const size_t culprit_end = std::min<size_t>(std::max<size_t>(culprit.end, at), start + line.size());
  const size_t last = index(culprit_end - start - low);
  const auto [begin, end] = window(cells, std::min(first, cells.empty() ? 0 : cells.size() - 1), width);
  const bool cut_left = begin > 0 || low > 0;
  const bool cut_right = end < cells.size() || low + near.size() < line.size();
  if (cut_left) out.line += kCut;
  for (size_t i = begin; i < end; ++i) out.line += cells[i].text;
  if (cut_right) out.line += kCut;
  out.column = (cut_left ? 1 : 0) + columns(cells, begin, std::clamp(first, begin, end));
  out.length = std::max(1U, columns(cells, std::clamp(first, begin, end), std::clamp(last, begin, end)));
  return out;
}

}  // namespace cmdai::explain
