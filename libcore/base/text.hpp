#pragma once
// Small questions about words that many rooms ask. ASCII only: names of programs, options and variables are.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai {

template <size_t N>
constexpr bool among(const std::string_view (&names)[N], std::string_view name) {
  // Most names differ in their first letter from most others: what compares the rest is a call.
  return std::any_of(names, names + N, [name](std::string_view other) {
    return other.size() == name.size() && (name.empty() || (other[0] == name[0] && other == name));
  });
}

/// Whether one of the parts stands anywhere in the text.
template <size_t N>
constexpr bool holds_any(std::string_view text, const std::string_view (&parts)[N]) {
  return std::any_of(parts, parts + N,
                     [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

/// Without blanks at both ends.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r") {
  const size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// What stands between blanks.
inline std::vector<std::string> words_in(std::string_view text, std::string_view blanks = " \t\r") {
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = std::min(text.find_first_not_of(blanks, at), text.size());
    const size_t end = std::min(text.find_first_of(blanks, begin), text.size());
    if (end > begin) out.emplace_back(text.substr(begin, end - begin));
    at = end;
  }
  return out;
}

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

inline std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace cmdai
