#pragma once
// A TOML text as a small tree that remembers where every key and value stands, in file order. Keeps toml++
// (slow to include) in one file, and turns its positions (code points) into the byte offsets our diagnostics
// use.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/range.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::policy {

struct TomlEntry;

struct TomlNode {
  enum class Type : uint8_t { string, integer, boolean, real, time, clock, array, table };
  Type type = Type::table;
  std::string text;    ///< string
  int64_t number = 0;  ///< integer; time (`clock`: a time of day alone): Unix seconds (a time without an
                       ///< offset counts as UTC)
  bool truth = false;  ///< boolean
  std::vector<TomlNode> items;     ///< array
  std::vector<TomlEntry> entries;  ///< table, in file order
  Range place;                     ///< of the value; a `[table]`: its header

  const TomlEntry* find(std::string_view key) const;
  bool is(Type t) const { return type == t; }
};

struct TomlEntry {
  std::string key;
  Range place;  ///< of the key
  TomlNode value;
};

/// With article, for messages: "a string", "an integer".
std::string_view describe(TomlNode::Type type);

/// The root table, or the first syntax error with its place.
Result<TomlNode> parse_toml(std::string_view text, std::string_view file);

}  // namespace cmdai::policy
