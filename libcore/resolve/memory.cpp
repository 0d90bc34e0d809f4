#include "libcore/resolve/memory.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

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

bool is_suspect(const Memory::Text&) { return false; }
bool is_suspect(const Memory::File& entry) { return entry.taint != Taint::none; }

bool goes_first(const Memory::Text& a, const Memory::Text& b) { return a.line < b.line; }

/// A file that is suspect stays while there are others: a hundred notes must not wash it out.
bool goes_first(const Memory::File& a, const Memory::File& b) {
  return is_suspect(a) != is_suspect(b) ? is_suspect(b) : a.line < b.line;
}

template <class Map>
void drop_one(Map& map) {
  if (map.empty()) return;
  map.erase(std::min_element(map.begin(), map.end(),
                             [](const auto& a, const auto& b) { return goes_first(a.second, b.second); }));
}

/// Leaves at most `most`: one line can set thousands.
template <class Map>
void cut(Map& map, size_t most) {
  if (map.size() <= most) return;
  std::vector<typename Map::iterator> all;
  for (auto it = map.begin(); it != map.end(); ++it) all.push_back(it);
  const auto kept = all.begin() + static_cast<std::ptrdiff_t>(all.size() - most);
  std::nth_element(all.begin(), kept, all.end(),
                   [](const auto& a, const auto& b) { return goes_first(a->second, b->second); });
  std::for_each(all.begin(), kept, [&map](const auto& it) { map.erase(it); });
}

/// When the oldest of those that may go first was left.
template <class Map>
uint64_t oldest(const Map& map) {
  uint64_t line = UINT64_MAX;
  for (const auto& [name, entry] : map)
    if (!is_suspect(entry)) line = std::min(line, entry.line);
  return line;
}

bool contains(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

}  // namespace

void Memory::bound() {
  cut(variables, kMostEntries);
  cut(aliases, kMostEntries);
  cut(functions, kMostEntries);
  cut(files, kMostEntries);
  while (bytes_of(variables) + bytes_of(aliases) + bytes_of(functions) + bytes_of(files) > kMostBytes) {
    const uint64_t first = std::min({oldest(variables), oldest(aliases), oldest(functions), oldest(files)});
    if (first == UINT64_MAX || oldest(files) == first)
      drop_one(files);
    else if (oldest(variables) == first)
      drop_one(variables);
    else if (oldest(aliases) == first)
      drop_one(aliases);
    else
      drop_one(functions);
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
