#include "libcore/resolve/memory.hpp"

#include <algorithm>
#include <cctype>

namespace cmdai::resolve {
namespace {

constexpr size_t kNode = 64;

size_t size_of(const Memory::Text& entry) { return entry.text.size(); }
size_t size_of(const Memory::File& entry) { return entry.text.size() + entry.host.size(); }

template <class Map>
size_t bytes_of(const Map& map) {
  size_t sum = 0;
  for (const auto& [name, entry] : map) sum += kNode + name.size() + size_of(entry);
  return sum;
}

template <class Map>
void drop_oldest(Map& map) {
  if (map.empty()) return;
  map.erase(std::min_element(map.begin(), map.end(),
                             [](const auto& a, const auto& b) { return a.second.line < b.second.line; }));
}

template <class Map>
uint64_t oldest(const Map& map) {
  uint64_t line = UINT64_MAX;
  for (const auto& [name, entry] : map) line = std::min(line, entry.line);
  return line;
}

bool contains(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

}  // namespace

void Memory::bound() {
  while (variables.size() > kMostEntries) drop_oldest(variables);
  while (aliases.size() > kMostEntries) drop_oldest(aliases);
  while (functions.size() > kMostEntries) drop_oldest(functions);
  while (files.size() > kMostEntries) drop_oldest(files);
  while (bytes_of(variables) + bytes_of(aliases) + bytes_of(functions) + bytes_of(files) > kMostBytes) {
    const uint64_t first = std::min({oldest(variables), oldest(aliases), oldest(functions), oldest(files)});
    if (oldest(variables) == first)
      drop_oldest(variables);
    else if (oldest(aliases) == first)
      drop_oldest(aliases);
    else if (oldest(functions) == first)
      drop_oldest(functions);
    else
      drop_oldest(files);
  }
}

bool is_secret_name(std::string_view name) {
  static constexpr std::string_view kWords[] = {"TOKEN", "SECRET", "PASS", "KEY", "CRED", "AUTH", "COOKIE"};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [name](std::string_view word) { return contains(name, word); });
}

bool may_hold_secret(std::string_view text) {
  static constexpr std::string_view kWords[] = {"TOKEN",   "SECRET", "PASSW",  "PASSPHRASE",  "API_KEY",
                                                "API-KEY", "APIKEY", "BEARER", "PRIVATE KEY", "CREDENTIAL"};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [text](std::string_view word) { return contains(text, word); });
}

}  // namespace cmdai::resolve
