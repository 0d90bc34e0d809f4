#include "daemon/host/managed.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "daemon/host/files.hpp"
#include "daemon/host/json_places.hpp"
#include "daemon/host/owner_check.hpp"

namespace cmdai::host {
namespace {

using Json = nlohmann::ordered_json;

Trusted trusted_by(bool own) {
  Trusted out;
  if (own) out = {getuid(), true};
  return out;
}

/// One file, read; says what is wrong where it stands.
struct File {
  std::string path, text;
  Json json;
  JsonPlaces places;

  Diagnostic wrong(const std::string& pointer, bool key, std::string message, std::string hint = {}) const {
    const auto& from = key ? places.keys : places.values;
    const auto it = from.find(pointer);
    const JsonPlaces::Place at = it == from.end() ? JsonPlaces::Place{} : it->second;
    return diagnostic_at(text, path, at.offset, at.length, std::move(message), std::move(hint));
  }
};

bool is_name(const std::string& name) {
  const auto fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= 32 && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), fine);
}

constexpr std::string_view kKeys[] = {"Name", "Path", "DeadlineMs", "HangSec", "OnFailure", "Settings"};

/// What is wrong with one value; nullopt: nothing.
std::optional<std::string> complaint(std::string_view key, const Json& value) {
  const auto text = [&value] { return value.is_string() ? value.get<std::string>() : std::string(); };
  const auto between = [&value](int64_t least, int64_t most) {
    return value.is_number_integer() && value.get<int64_t>() >= least && value.get<int64_t>() <= most;
  };
  if (key == "Name" && !is_name(text()))
    return "`Name` must be lower-case letters, digits and `-`, a letter first, 32 at most";
  if (key == "Path" && !text().starts_with('/')) return "`Path` must be an absolute path";
  if (key == "DeadlineMs" && !between(1, 1000)) return "`DeadlineMs` must be a number from 1 to 1000";
  if (key == "HangSec" && !between(1, 600)) return "`HangSec` must be a number from 1 to 600";
  if (key == "OnFailure" && text() != "ignore" && text() != "block")
    return "`OnFailure` must be \"ignore\" or \"block\"";
  if (key == "Settings" && !value.is_object()) return "`Settings` must be an object";
  return std::nullopt;
}

Result<void> check_entry(const File& file, size_t number, const Json& entry) {
  const std::string at = fmt::format("/Plugins/{}", number);
  if (!entry.is_object()) return fail(file.wrong(at, false, "a plugin is an object with `Name` and `Path`"));
  for (const auto& [key, value] : entry.items()) {
    if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys)) {
      const auto near = nearest(key, std::begin(kKeys), std::end(kKeys));
      return fail(file.wrong(at + '/' + key, true, fmt::format("a plugin has no key `{}`", key),
                             near.empty() ? "what is for the plugin itself belongs into `Settings`"
                                          : fmt::format("did you mean `{}`?", near)));
    }
    if (const auto why = complaint(key, value)) return fail(file.wrong(at + '/' + key, false, *why));
  }
  if (!entry.contains("Name")) return fail(file.wrong(at, false, "this plugin has no `Name`"));
  return {};
}

Result<void> check_file(const File& file) {
  if (!file.json.is_object()) return fail(file.wrong("", false, "must be one JSON object"));
  for (const auto& [key, value] : file.json.items()) {
    std::string lower = key;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (key != "Plugins" && (lower == "plugins" || lower == "plugin"))
      return fail(
          file.wrong('/' + key, true, fmt::format("there is no key `{}`", key), "did you mean `Plugins`?"));
  }
  if (!file.json.contains("Plugins")) return {};
  const Json& plugins = file.json["Plugins"];
  if (!plugins.is_array()) return fail(file.wrong("/Plugins", false, "`Plugins` must be a list of objects"));
  for (size_t i = 0; i < plugins.size(); ++i)
    if (auto fine = check_entry(file, i, plugins[i]); !fine) return fine;
  return {};
}

/// Objects deep; of everything else the later one counts.
void merge(Json& into, const Json& from) {
  if (!into.is_object() || !from.is_object()) {
    into = from;
    return;
  }
  for (const auto& [key, value] : from.items()) merge(into[key], value);
}

/// Plugins are told apart by name: a later file adds to an entry, or adds one.
void merge_plugins(Json& into, const Json& from) {
  for (const Json& entry : from) {
    const auto same = [&entry](const Json& known) { return known["Name"] == entry["Name"]; };
    const auto it = std::find_if(into.begin(), into.end(), same);
    if (it == into.end())
      into.push_back(entry);
    else
      merge(*it, entry);
  }
}

Result<File> read_one(const std::string& path, bool own) {
  if (auto fine = check_owner(path, trusted_by(own)); !fine) return fail(std::move(fine.error()));
  Result<std::string> text = read_file(path, size_t{4} << 20U);
  if (!text) return fail(std::move(text.error()));
  File out{path, std::move(*text), {}, {}};
  if (auto read = read_json(path, out.text, out.json, out.places); !read)
    return fail(std::move(read.error()));
  if (auto fine = check_file(out); !fine) return fail(std::move(fine.error()));
  return out;
}

/// The file, and what managed.d beside it holds, by name.
Result<std::vector<std::string>> files_of(const ManagedPlace& place) {
  std::vector<std::string> out;
  if (!missing(place.file)) out.push_back(place.file);
  std::string folder = place.file;
  if (folder.ends_with(".json")) folder.resize(folder.size() - 5);
  folder += ".d";
  DIR* open = opendir(folder.c_str());
  if (open == nullptr && missing(folder)) return out;
  if (open == nullptr)
    return fail(file_problem(folder, fmt::format("cannot be read: {}", std::strerror(errno))));
  const auto begin = static_cast<std::ptrdiff_t>(out.size());
  while (const dirent* entry = readdir(open)) {
    const std::string name = entry->d_name;
    if (name.front() != '.' && name.ends_with(".json")) out.push_back(folder + '/' + name);
  }
  closedir(open);
  std::sort(out.begin() + begin, out.end());
  return out;
}

PluginEntry entry_of(const Json& json, const Json& rest) {
  PluginEntry out;
  out.name = json["Name"].get<std::string>();
  out.path = json["Path"].get<std::string>();
  out.deadline = std::chrono::milliseconds(json.value("DeadlineMs", 25));
  out.hang = std::chrono::seconds(json.value("HangSec", 10));
  out.block_on_failure = json.value("OnFailure", std::string("ignore")) == "block";
  Json settings = json.contains("Settings") ? json["Settings"] : Json::object();
  settings["Managed"] = rest;
  out.settings = settings.dump(-1, ' ', false, Json::error_handler_t::replace);
  return out;
}

}  // namespace

ManagedPlace system_place() { return {CMDAI_SYSCONFDIR "/cmdai/managed.json", false}; }

Result<Managed> read_managed(const ManagedPlace& place) {
  Managed out;
  Result<std::vector<std::string>> files = files_of(place);
  if (!files) return fail(std::move(files.error()));
  out.files = std::move(*files);
  out.own = place.own && !out.files.empty();
  Json all = Json::object();
  Json plugins = Json::array();
  for (const std::string& path : out.files) {
    Result<File> file = read_one(path, place.own);
    if (!file) return fail(std::move(file.error()));
    if (file->json.contains("Plugins")) merge_plugins(plugins, file->json["Plugins"]);
    file->json.erase("Plugins");
    merge(all, file->json);
  }
  for (const Json& entry : plugins) {
    if (!entry.contains("Path"))
      return fail(
          file_problem(out.files.back(), fmt::format("the plugin `{}` has no `Path` in any of the files",
                                                     entry["Name"].get<std::string>())));
    out.plugins.push_back(entry_of(entry, all));
  }
  return out;
}

Result<void> check_plugin_file(const std::string& path, bool own) {
  return check_owner(path, trusted_by(own));
}

}  // namespace cmdai::host
