#include "libcore/repository/config.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::repository {
namespace {

/// Quotes and backslashes taken off, a comment behind it left out.
std::string unquoted(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size())
      out += text[++i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '#' || c == ';'))
      break;
    else
      out += c;
  }
  return std::string(trimmed(out));
}

/// A line with those that a backslash at its end joins to it.
std::string next_line(std::string_view text, size_t& at) {
  std::string joined;
  for (;;) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    const bool more = line.ends_with('\\') && !line.ends_with("\\\\") && at < text.size();
    if (more) line.remove_suffix(1);
    joined += line;
    if (!more) return joined;
  }
}

/// `remote "origin"` of a header. [branch.name], the old way of saying it, has the same parts.
void read_header(std::string_view inside, ConfigEntry& into) {
  const size_t quote = inside.find('"');
  const size_t dot = inside.substr(0, quote).find('.');
  const size_t end = std::min(inside.find_first_of(" \"\t"), dot);
  into.section = lower(trimmed(inside.substr(0, end)));
  into.name.clear();
  if (quote != std::string_view::npos) {
    for (size_t i = quote + 1; i < inside.size() && inside[i] != '"'; ++i) {
      if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
      into.name += inside[i];
    }
  } else if (dot != std::string_view::npos) {
    into.name = lower(trimmed(inside.substr(dot + 1)));
  }
}

/// Where a header ends: a `]` between quotes is a part of the name.
size_t header_end(std::string_view line) {
  bool quoted = false;
  for (size_t i = 1; i < line.size(); ++i) {
    if (quoted && line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == ']' && !quoted)
      return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<ConfigEntry> read_config(std::string_view text) {
  std::vector<ConfigEntry> out;
  ConfigEntry here;
  for (size_t at = 0; at < text.size();) {
    const std::string joined = next_line(text, at);
    std::string_view line = trimmed(joined);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      const size_t close = header_end(line);
      read_header(line.substr(1, close == std::string_view::npos ? close : close - 1), here);
      if (close == std::string_view::npos) continue;
      line = trimmed(line.substr(close + 1));  // [alias] x = y
      if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    }
    const size_t equals = line.find('=');
    here.key = lower(trimmed(line.substr(0, equals)));
    here.value = equals == std::string_view::npos ? "true" : unquoted(line.substr(equals + 1));
    out.push_back(here);
  }
  return out;
}

std::optional<std::string> config_value(const std::vector<ConfigEntry>& entries, std::string_view section,
                                        std::string_view key) {
  const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](const ConfigEntry& e) {
    return e.section == section && e.name.empty() && e.key == key;
  });
  return found == entries.rend() ? std::nullopt : std::optional(found->value);
}

bool config_says(const std::vector<ConfigEntry>& entries, std::string_view section, std::string_view key,
                 bool otherwise) {
  const auto value = config_value(entries, section, key);
  if (!value) return otherwise;
  static constexpr std::string_view kNo[] = {"false", "no", "off", "0", ""};
  return !among(kNo, lower(*value));
}

}  // namespace cmdai::repository
