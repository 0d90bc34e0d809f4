#include "libcore/explain/mode_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace cmdai::explain {
namespace {

std::string listed(std::span<const std::string_view> words, std::string_view none) {
  if (words.empty()) return std::string(none);
  std::string out(words.front());
  for (size_t i = 1; i < words.size(); ++i)
    out += fmt::format("{}{}", i + 1 == words.size() ? " and " : ", ", words[i]);
  return out;
}

std::string rights(int digit) {
  std::array<std::string_view, 3> words;
  size_t count = 0;
  if ((digit & 4) != 0) words[count++] = "read";
  if ((digit & 2) != 0) words[count++] = "write";
  if ((digit & 1) != 0) words[count++] = "run";
  return listed(std::span(words).first(count), "do nothing");
}

std::string special(int digit) {
  std::string out;
  if ((digit & 4) != 0) out += "; it runs as its owner";
  if ((digit & 2) != 0) out += "; it runs as its group";
  if ((digit & 1) != 0) out += "; only owners delete what is in it";
  return out;
}

/// 644, 0755, 4755
std::string octal(std::string_view mode) {
  const std::string digits = std::string(4 - mode.size(), '0') + std::string(mode);
  const auto at = [&](size_t i) { return digits[i] - '0'; };
  std::string out = "owner may " + rights(at(1));
  if (at(2) == at(3))
    out += "; group and others may " + rights(at(2));
  else
    out += fmt::format("; group may {}; others may {}", rights(at(2)), rights(at(3)));
  return out + special(at(0));
}

std::string who(std::string_view letters) {
  if (letters.empty() || letters.find('a') != std::string_view::npos) return "everybody";
  std::vector<std::string_view> words;
  for (const char c : letters) words.emplace_back(c == 'u' ? "owner" : c == 'g' ? "group" : "others");
  return listed(words, "");
}

std::string what(std::string_view letters) {
  std::vector<std::string_view> words;
  for (const char c : letters)
    words.emplace_back(c == 'r'   ? "read"
                       : c == 'w' ? "write"
                       : c == 'x' ? "run"
                       : c == 'X' ? "go into folders"
                       : c == 's' ? "lend their rights to who runs it"
                                  : "keep others from deleting in it");
  return listed(words, "do nothing");
}

/// One of u+x, go-w, a=r
std::string clause(std::string_view text) {
  const size_t sign = std::min(text.find_first_not_of("ugoa"), text.size());
  if (sign == text.size() || std::string_view("+-=").find(text[sign]) == std::string_view::npos) return {};
  const std::string_view letters = text.substr(sign + 1);
  if (letters.find_first_not_of("rwxXst") != std::string_view::npos) return {};
  const std::string_view verb = text[sign] == '+'   ? "may also"
                                : text[sign] == '-' ? "may no longer"
                                                    : "may only";
  return fmt::format("{} {} {}", who(text.substr(0, sign)), verb, what(letters));
}

}  // namespace

std::string mode_words(std::string_view mode) {
  const bool digits = mode.find_first_not_of("01234567") == std::string_view::npos;
  if (digits) return mode.size() == 3 || mode.size() == 4 ? octal(mode) : std::string();
  std::string out;
  while (!mode.empty()) {
    const size_t comma = std::min(mode.find(','), mode.size());
    const std::string one = clause(mode.substr(0, comma));
    if (one.empty()) return {};
    out += (out.empty() ? "" : "; ") + one;
    mode.remove_prefix(std::min(comma + 1, mode.size()));
  }
  return out;
}

}  // namespace cmdai::explain
