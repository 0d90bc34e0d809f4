#include "enterprise/plugin/managed_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "enterprise/plugin/json_members.hpp"
#include "enterprise/plugin/settings.hpp"

namespace cmdai::device {
namespace {

using Json = nlohmann::json;

/// Objects deep, plugins by name; of everything else the later one counts.
void merge(Json& into, const Json& from) {
  if (!into.is_object() || !from.is_object()) {
    into = from;
    return;
  }
  for (const auto& [key, value] : from.items()) {
    if (key != "Plugins" || !into.contains(key) || !into[key].is_array() || !value.is_array()) {
      merge(into[key], value);
      continue;
    }
    for (const Json& entry : value) {
      const std::string name = text_member(entry, "Name");
      const auto same = [&](const Json& other) {
        return !name.empty() && text_member(other, "Name") == name;
      };
      const auto at = std::find_if(into[key].begin(), into[key].end(), same);
      if (at == into[key].end())
        into[key].push_back(entry);
      else
        merge(*at, entry);
    }
  }
}

std::vector<std::string> files_of(const std::string& file) {
  namespace fs = std::filesystem;
  std::vector<std::string> files{file};
  std::vector<std::string> more;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(fs::path(file).parent_path() / "managed.d", none))
    if (entry.path().extension() == ".json") more.push_back(entry.path());
  std::sort(more.begin(), more.end());
  files.insert(files.end(), more.begin(), more.end());
  return files;
}

bool is_ours(const Json& entry, const std::string& name) {
  if (!entry.is_object()) return false;
  if (!name.empty()) return text_member(entry, "Name") == name;
  return std::filesystem::path(text_member(entry, "Path")).filename() == "cmdai-enterprise.so";
}

}  // namespace

Result<ManagedSettings> read_managed_settings(const std::string& file, const std::string& name) {
  Json all = Json::object();
  for (const std::string& path : files_of(file)) {
    auto text = read_small_file(path);
    if (!text) return fail(text.error());
    const Json json = Json::parse(*text, nullptr, false);
    if (!json.is_object()) return fail(Problem::Kind::other, fmt::format("`{}` is no JSON object", path));
    merge(all, json);
  }
  const Json plugins = all.contains("Plugins") ? all["Plugins"] : Json::array();
  if (!plugins.is_array())
    return fail(Problem::Kind::other, fmt::format("`Plugins` of `{}` is no list", file));
  all.erase("Plugins");
  for (const Json& entry : plugins) {
    if (!is_ours(entry, name)) continue;
    Json settings =
        entry.contains("Settings") && entry["Settings"].is_object() ? entry["Settings"] : Json::object();
    settings["Managed"] = all;
    return ManagedSettings{entry.value("Name", ""), settings.dump()};
  }
  return fail(Problem::Kind::missing, name.empty()
                                          ? fmt::format("`{}` names no plugin `cmdai-enterprise.so`", file)
                                          : fmt::format("`{}` names no plugin `{}`", file, name));
}

std::string state_home() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  const std::string base = state != nullptr && state[0] == '/'
                               ? std::string(state)
                               : std::string(home == nullptr ? "" : home) + "/.local/state";
  return base + "/cmdai";
}

std::string state_directory(const std::string& plugin) { return state_home() + "/plugins/" + plugin; }

}  // namespace cmdai::device
