#pragma once
// Small questions about words that many rooms ask. ASCII only: names of programs, options and variables are.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>

namespace cmdai {

template <size_t N>
constexpr bool among(const std::string_view (&names)[N], std::string_view name) {
  return std::find(names, names + N, name) != names + N;
}

/// Whether one of the parts stands anywhere in the text.
template <size_t N>
constexpr bool holds_any(std::string_view text, const std::string_view (&parts)[N]) {
  return std::any_of(parts, parts + N,
                     [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
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
