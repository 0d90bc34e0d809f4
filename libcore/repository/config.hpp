#pragma once
// Git's configuration files. git-config(1), "Syntax", git 2.39.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::repository {

struct ConfigEntry {
  std::string section;  ///< small letters: "remote"
  std::string name;     ///< the second part, as written: "origin"; may be empty
  std::string key;      ///< small letters: "url"
  std::string value;
};

/// All entries of a configuration file, in order. What is no such file has none.
std::vector<ConfigEntry> read_config(std::string_view text);

/// The last value of a key without a second part: "core.excludesfile".
std::optional<std::string> config_value(const std::vector<ConfigEntry>& entries, std::string_view section,
                                        std::string_view key);
/// What git takes for yes.
bool config_says(const std::vector<ConfigEntry>& entries, std::string_view section, std::string_view key,
                 bool otherwise);

}  // namespace cmdai::repository
