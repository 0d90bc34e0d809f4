#include "libcore/policy/toml_tree.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "libcore/base/unicode.hpp"

namespace cmdai::policy {
namespace {

/// toml++ counts lines and code points from 1; diagnostics count bytes from 0.
class Positions {
 public:
  explicit Positions(std::string_view text) : text_(text) {
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      lines_.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin),
                        is_ascii(text.substr(begin, end - begin))});
      begin = end + 1;
    }
  }

  uint32_t offset(const toml::source_position& at) const {
    if (at.line == 0) return 0;
    const Line& line = lines_[std::min<size_t>(at.line, lines_.size()) - 1];
    if (line.ascii) return line.begin + std::min(at.column > 0 ? at.column - 1 : 0, line.size);
    size_t byte = line.begin;
    for (uint32_t column = 1; column < at.column && byte < line.begin + line.size; ++column)
      byte += decode_utf8(text_, byte).size;
    return static_cast<uint32_t>(std::min(byte, text_.size()));
  }

  Range range(const toml::source_region& region) const {
    const uint32_t begin = offset(region.begin);
    return {begin, std::max(begin + 1, offset(region.end))};
  }

 private:
  struct Line {
    uint32_t begin, size;  ///< without its newline
    bool ascii;            ///< a code point is a byte: nothing to count
  };
  std::string_view text_;
  std::vector<Line> lines_;
};

int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t seconds(const toml::date& d) { return days_from_civil(d.year, d.month, d.day) * 86400; }

int64_t seconds(const toml::date_time& t) {
  const int64_t local = seconds(t.date) + t.time.hour * 3600 + t.time.minute * 60 + t.time.second;
  return local - (t.offset ? int64_t{t.offset->minutes} * 60 : 0);
}

TomlNode convert(const toml::node& node, const Positions& positions);

void convert_table(const toml::table& table, const Positions& positions, TomlNode& out) {
  out.type = TomlNode::Type::table;
  for (const auto& [key, value] : table)
    out.entries.push_back({std::string(key.str()), positions.range(key.source()), convert(value, positions)});
  std::sort(out.entries.begin(), out.entries.end(),
            [](const TomlEntry& a, const TomlEntry& b) { return a.place.begin < b.place.begin; });
}

TomlNode convert(const toml::node& node, const Positions& positions) {
  TomlNode out;
  out.place = positions.range(node.source());
  if (const auto* table = node.as_table()) {
    convert_table(*table, positions, out);
  } else if (const auto* array = node.as_array()) {
    out.type = TomlNode::Type::array;
    for (const toml::node& item : *array) out.items.push_back(convert(item, positions));
  } else if (const auto* text = node.as_string()) {
    out.type = TomlNode::Type::string;
    out.text = text->get();
  } else if (const auto* number = node.as_integer()) {
    out.type = TomlNode::Type::integer;
    out.number = number->get();
  } else if (const auto* truth = node.as_boolean()) {
    out.type = TomlNode::Type::boolean;
    out.truth = truth->get();
  } else if (const auto* date = node.as_date()) {
    out.type = TomlNode::Type::time;
    out.number = seconds(date->get());
  } else if (const auto* time = node.as_date_time()) {
    out.type = TomlNode::Type::time;
    out.number = seconds(time->get());
  } else {
    out.type = node.is_floating_point() ? TomlNode::Type::real : TomlNode::Type::clock;
  }
  return out;
}

}  // namespace

const TomlEntry* TomlNode::find(std::string_view key) const {
  const auto it =
      std::find_if(entries.begin(), entries.end(), [key](const TomlEntry& e) { return e.key == key; });
  return it == entries.end() ? nullptr : &*it;
}

std::string_view describe(TomlNode::Type type) {
  switch (type) {
    case TomlNode::Type::string: return "a string";
    case TomlNode::Type::integer: return "an integer";
    case TomlNode::Type::boolean: return "a boolean";
    case TomlNode::Type::real: return "a float";
    case TomlNode::Type::time: return "a time";
    case TomlNode::Type::clock: return "a time of day";
    case TomlNode::Type::array: return "an array";
    case TomlNode::Type::table: return "a table";
  }
  return "something else";
}

Result<TomlNode> parse_toml(std::string_view text, std::string_view file) {
  const Positions positions(text);
  try {
    const toml::table root = toml::parse(text, std::string_view{});
    TomlNode out;
    convert_table(root, positions, out);
    return out;
  } catch (const toml::parse_error& error) {
    const Range at = positions.range(error.source());
    std::string message = "not valid TOML: " + std::string(error.description());
    for (size_t newline = 0; (newline = message.find("\\n", newline)) != std::string::npos;)
      message.replace(newline, 2, "the end of the line");
    return fail(diagnostic_at(text, file, at.begin, 1, std::move(message)));
  }
}

}  // namespace cmdai::policy
