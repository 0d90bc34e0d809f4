#include "shell-hooks/agents/drive/hook_copy.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "daemon/host/files.hpp"

namespace cmdai::agents {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Found = Result<std::vector<std::string>>;

bool names_us(std::string_view text) { return text.find("cmdai") != std::string_view::npos; }
bool is_ours(const Json& value) {
  return names_us(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string folder(const char* variable, const std::string& otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? value : otherwise;
}

Result<void> put(const std::string& path, std::string_view text) {
  if (auto made = host::make_directories(fs::path(path).parent_path().string()); !made) return made;
  return host::write_file(path, text);
}

/// Files of a folder whose names end so, in order; none when there is no folder.
std::vector<std::string> files_in(const std::string& folder, std::string_view end) {
  std::vector<std::string> out;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.path().string().ends_with(end) && entry.is_regular_file(none))
      out.push_back(entry.path().string());
  std::sort(out.begin(), out.end());
  return out;
}

/// Of a list of hooks, or of groups of hooks, those that are ours; the group keeps its matcher.
Json our_hooks(const Json& list) {
  Json out = Json::array();
  for (const Json& one : list) {
    if (!is_ours(one)) continue;
    Json kept = one;
    if (one.is_object() && one.contains("hooks") && one["hooks"].is_array())
      kept["hooks"] = our_hooks(one["hooks"]);
    out.push_back(std::move(kept));
  }
  return out;
}

/// The part of a settings file that is about our hooks. `switches`: members that come along as they are.
Json our_settings(const Json& settings, const std::vector<std::string>& switches) {
  Json out = Json::object();
  for (const std::string& name : switches)
    if (settings.contains(name)) out[name] = settings[name];
  if (!settings.contains("hooks") || !settings["hooks"].is_object()) return out;
  for (const auto& [event, list] : settings["hooks"].items())
    if (list.is_array())
      if (Json ours = our_hooks(list); !ours.empty()) out["hooks"][event] = std::move(ours);
  return out;
}

/// One settings file in JSON, comments allowed. A file that is missing is no error.
Found copy_json(const std::string& from, const std::string& to, const std::vector<std::string>& switches) {
  if (host::missing(from)) return std::vector<std::string>();
  const auto text = host::read_file(from);
  if (!text) return fail(text.error());
  const Json settings = Json::parse(*text, nullptr, false, true);
  if (!settings.is_object())
    return fail(host::file_problem(from, "is no JSON object", "the agent will not read it, either"));
  const Json ours = our_settings(settings, switches);
  if (auto written = put(to, ours.dump(2, ' ', false, Json::error_handler_t::replace)); !written)
    return fail(written.error());
  return ours.contains("hooks") ? std::vector{from} : std::vector<std::string>();
}

void append(std::vector<std::string>& all, std::vector<std::string> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Codex numbers the groups of hooks, and keeps trust by file and number: all of ours and all others stay
// where they are, and only ours are trusted. What is not trusted is not run.

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  if (const size_t at = text.find(what); at != std::string::npos) text.replace(at, what.size(), by);
  return text;
}

std::vector<std::string> our_places(const toml::array& groups, const std::string& file) {
  std::vector<std::string> out;
  for (size_t g = 0; g < groups.size(); ++g) {
    const toml::table* group = groups[g].as_table();
    const toml::array* hooks = group == nullptr ? nullptr : (*group)["hooks"].as_array();
    for (size_t h = 0; hooks != nullptr && h < hooks->size(); ++h)
      if (const toml::table* hook = (*hooks)[h].as_table();
          hook != nullptr && names_us((*hook)["command"].value_or(std::string_view())))
        out.push_back(fmt::format("{}:pre_tool_use:{}:{}", file, g, h));
  }
  return out;
}

toml::table our_codex_tables(const toml::table& all, const std::string& from, const std::string& to,
                             bool& found) {
  toml::table out;
  if (const auto* features = all["features"].as_table()) out.insert("features", *features);
  const toml::array* groups = all["hooks"]["PreToolUse"].as_array();
  if (groups == nullptr) return out;
  toml::table state;
  for (const std::string& place : our_places(*groups, from)) {
    found = true;
    if (const auto* trust = all["hooks"]["state"][place].as_table())
      state.insert(replaced(place, from, to), *trust);
  }
  toml::table hooks;
  hooks.insert("PreToolUse", *groups);
  hooks.insert("state", std::move(state));
  out.insert("hooks", std::move(hooks));
  return out;
}

Found copy_codex(const std::string& from, const std::string& to) {
  if (host::missing(from)) return std::vector<std::string>();
  const auto text = host::read_file(from);
  if (!text) return fail(text.error());
  try {
    bool found = false;
    std::ostringstream written;
    written << our_codex_tables(toml::parse(*text), from, to, found) << '\n';
    if (auto done = put(to, written.str()); !done) return fail(done.error());
    return found ? std::vector{from} : std::vector<std::string>();
  } catch (const toml::parse_error& error) {
    return fail(host::file_problem(from,
                                   fmt::format("line {}: {}", error.source().begin.line, error.description()),
                                   "the agent will not read it, either"));
  }
}

Found copy_copilot(const std::string& from, const std::string& to) {
  auto all = copy_json(from + "/settings.json", to + "/settings.json", {"disableAllHooks"});
  if (!all) return all;
  for (const std::string& file : files_in(from + "/hooks", ".json")) {
    auto more =
        copy_json(file, to + "/hooks/" + fs::path(file).filename().string(), {"version", "disableAllHooks"});
    if (!more) return more;
    append(*all, std::move(*more));
  }
  return all;
}

Found copy_opencode(const std::string& from, const std::string& to) {
  std::vector<std::string> all;
  for (const char* folder : {"/plugins", "/plugin"})
    for (const char* end : {".js", ".ts"})
      for (const std::string& file : files_in(from + folder, end)) {
        const auto text = host::read_file(file);
        if (!text || !names_us(*text)) continue;
        if (auto done = put(to + folder + '/' + fs::path(file).filename().string(), *text); !done)
          return fail(done.error());
        all.push_back(file);
      }
  return all;
}

}  // namespace

Found copy_hooks(std::string_view agent, const std::string& home, const std::string& into) {
  if (agent == "claude-code")
    return copy_json(folder("CLAUDE_CONFIG_DIR", home + "/.claude") + "/settings.json",
                     into + "/.claude/settings.json", {"disableAllHooks", "allowManagedHooksOnly"});
  if (agent == "codex")
    return copy_codex(folder("CODEX_HOME", home + "/.codex") + "/config.toml", into + "/.codex/config.toml");
  if (agent == "gemini")
    return copy_json(home + "/.gemini/settings.json", into + "/.gemini/settings.json", {"hooksConfig"});
  if (agent == "copilot") return copy_copilot(folder("COPILOT_HOME", home + "/.copilot"), into + "/.copilot");
  if (agent == "opencode")
    return copy_opencode(folder("XDG_CONFIG_HOME", home + "/.config") + "/opencode",
                         into + "/.config/opencode");
  return std::vector<std::string>();
}

}  // namespace cmdai::agents
