#include "libcore/resolve/items.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace cmdai::resolve {
namespace {

constexpr size_t kShort = 16;  ///< items that are all looked at
constexpr size_t kAlike = 4;   ///< of a longer list: those of one shape

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The text with each number as one 9; but 0 and 1 are often more than one of many (`kill -9 1`).
std::string shape(const Value& item) {
  std::string out;
  const std::string text = item.display();
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && is_digit(text[end])) ++end;
    const bool special = end == i + 1 && (text[i] == '0' || text[i] == '1');
    out += end == i || special ? text[i] : '9';
    i = std::max(end, i + 1);
  }
  return out;
}

}  // namespace

std::vector<Value> split_items(const Value& text, std::string_view separators) {
  std::vector<Value> out;
  bool open = true;  // the next piece begins an item
  for (const Piece& p : text.pieces()) {
    if (p.hole) {
      if (!open) out.pop_back();
      out.push_back(
          Value::unknown(HoleKind::input, *p.hole == HoleKind::output ? p.text : std::string(), false));
      out.back().taint = text.taint;
      return out;
    }
    for (size_t at = 0; at < p.text.size();) {
      if (separators.find(p.text[at]) != std::string_view::npos) {
        open = true;
        ++at;
        continue;
      }
      const size_t end = std::min(p.text.find_first_of(separators, at), p.text.size());
      if (open) out.emplace_back();
      out.back().append_literal(std::string_view(p.text).substr(at, end - at), p.active);
      out.back().taint = text.taint;
      open = false;
      at = end;
    }
  }
  return out;
}

std::vector<Value> representatives(std::vector<Value> items) {
  if (items.size() <= kShort) return items;
  std::unordered_map<std::string, size_t> seen;
  std::vector<Value> out;
  for (size_t i = 0; i < items.size(); ++i)
    if (seen[shape(items[i])]++ < kAlike || i + 1 == items.size()) out.push_back(std::move(items[i]));
  return out;
}

}  // namespace cmdai::resolve
