#include "shell-hooks/agents/settings/hook_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "shell-hooks/agents/settings/codex_config.hpp"
#include "shell-hooks/agents/settings/hook_entry.hpp"
#include "shell-hooks/agents/settings/json_text.hpp"

namespace cmdai::agents {

extern const std::string_view kOpencodePlugin;  // made from opencode-plugin.js

namespace {

constexpr std::string_view kLevels[] = {"user", "project", "system"};
constexpr std::string_view kForms[] = {
    "json-hooks",        "gemini-system", "copilot-sandbox", "opencode-config", "codex-config",
    "codex-requirement", "whole"};
constexpr std::string_view kStates[] = {"none",      "guarded",  "changed", "missing-binary",
                                        "untrusted", "disabled", "broken"};

std::string from_environment(const char* variable, std::string otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? std::string(value) : std::move(otherwise);
}

std::string real_path(const std::string& path) {
  char* real = realpath(path.c_str(), nullptr);
  std::string out = real == nullptr ? path : real;
  std::free(real);
  return out;
}

struct HookList {
  std::string_view agent;
  JsonPath path;
  bool versioned;  ///< the file says `"version": 1`
};
/// Where an agent's file lists what is asked before a tool runs.
std::vector<HookList> hook_lists(std::string_view agent) {
  static const std::vector<HookList> kLists = {
      {"claude-code", {"hooks", "PreToolUse"}, false},  {"gemini", {"hooks", "BeforeTool"}, false},
      {"copilot", {"hooks", "preToolUse"}, true},       {"cursor", {"hooks", "beforeShellExecution"}, true},
      {"cursor", {"hooks", "preToolUse"}, true},        {"windsurf", {"hooks", "pre_run_command"}, false},
      {"windsurf", {"hooks", "pre_write_code"}, false},
  };
  std::vector<HookList> out;
  for (const HookList& list : kLists)
    if (list.agent == agent) out.push_back(list);
  return out;
}

std::string folder_of(std::string_view path) { return std::string(path.substr(0, path.rfind('/'))); }

std::string plugin_for(std::string_view program) {
  std::string out(kOpencodePlugin);
  const std::string_view mark = "@PROGRAM@";
  out.replace(out.find(mark), mark.size(),
              Json(program).dump(-1, ' ', false, Json::error_handler_t::replace));
  return out;
}

/// The program a plugin of ours calls; empty: it is another's.
std::string program_of_plugin(std::string_view text) {
  const std::string_view mark = "\nconst PROGRAM = ";
  const size_t at = text.find(mark);
  if (!text.starts_with("// Made by `cmdai agents install opencode`") || at == std::string_view::npos)
    return {};
  const std::string_view rest = text.substr(at + mark.size());
  const Json value = Json::parse(rest.substr(0, rest.find('\n')), nullptr, false);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// A list of plain words in a JSON file, with one of ours in it.
struct Word {
  JsonPath path;
  std::string text;
};
std::vector<Word> words_of(const HookFile& file, std::string_view program, const Places& places) {
  if (file.form == Form::opencode_config)
    return {{{"plugin"}, "file://" + folder_of(file.path.substr(places.root.size())) + "/cmdai.js"}};
  const JsonPath above = {"sandbox", "userPolicy", "filesystem"};
  JsonPath read = above;
  read.emplace_back("readonlyPaths");
  JsonPath write = above;
  write.emplace_back("readwritePaths");
  std::vector<Word> out = {{read, folder_of(program)}, {write, folder_of(places.socket)}};
  if (!places.fallback.empty() && folder_of(places.fallback) != folder_of(program))
    out.push_back({read, folder_of(places.fallback)});
  return out;
}

/// Where a word stands in its list.
std::optional<size_t> index_of(const JsonText& json, const Word& word) {
  const Json* list = json.find(word.path);
  if (list == nullptr || !list->is_array()) return std::nullopt;
  for (size_t i = 0; i < list->size(); ++i)
    if ((*list)[i] == word.text) return i;
  return std::nullopt;
}

bool sandbox_on(const JsonText& json) {
  const Json* enabled = json.find({"sandbox", "enabled"});
  return enabled != nullptr && enabled->is_boolean() && enabled->get<bool>();
}

/// Our elements of a list, by number.
std::vector<size_t> ours_in(const JsonText& json, const JsonPath& path, std::string_view agent) {
  std::vector<size_t> out;
  const Json* list = json.find(path);
  for (size_t i = 0; list != nullptr && list->is_array() && i < list->size(); ++i)
    if (!program_in((*list)[i], agent).empty()) out.push_back(i);
  return out;
}

Result<void> put_entry(JsonText& json, const HookList& list, std::string_view program) {
  const Json entry = hook_entry(list.agent, list.path.back(), program);
  std::vector<size_t> ours = ours_in(json, list.path, list.agent);
  while (ours.size() > 1) {
    json.remove(list.path, ours.back());
    ours.pop_back();
  }
  if (ours.empty()) return json.append(list.path, entry);
  if ((*json.find(list.path))[ours[0]] != entry) json.replace(list.path, ours[0], entry);
  return {};
}

Result<void> put_hooks(JsonText& json, const HookFile& file, std::string_view program) {
  for (const HookList& list : hook_lists(file.agent)) {
    if (list.versioned && json.find({"version"}) == nullptr)
      if (auto done = json.set({"version"}, 1); !done) return done;
    if (auto done = put_entry(json, list, program); !done) return done;
  }
  const Json* enabled = json.find({"hooksConfig", "enabled"});
  if (file.form == Form::gemini_system && (enabled == nullptr || *enabled != true))
    return json.set({"hooksConfig", "enabled"}, true);
  return {};
}

Result<std::optional<std::string>> with_json(const HookFile& file, const std::optional<std::string>& before,
                                             std::string_view program, const Places& places) {
  auto json = JsonText::parse(before.value_or("{}\n"), file.path);
  if (!json) return fail(json.error());
  if (file.form == Form::copilot_sandbox && !sandbox_on(*json)) return before;
  if (file.form == Form::copilot_sandbox || file.form == Form::opencode_config) {
    for (const Word& word : words_of(file, program, places))
      if (!index_of(*json, word))
        if (auto done = json->append(word.path, word.text); !done) return fail(done.error());
  } else if (auto done = put_hooks(*json, file, program); !done) {
    return fail(done.error());
  }
  return json->text();
}

Result<std::optional<std::string>> without_json(const HookFile& file, const std::string& before,
                                                const Places& places) {
  auto json = JsonText::parse(before, file.path);
  if (!json) return fail(json.error());
  for (const HookList& list : file.form == Form::json_hooks || file.form == Form::gemini_system
                                  ? hook_lists(file.agent)
                                  : std::vector<HookList>{}) {
    std::vector<size_t> ours = ours_in(*json, list.path, file.agent);
    for (; !ours.empty(); ours.pop_back()) json->remove(list.path, ours.back());
  }
  if (file.form == Form::opencode_config)
    for (const Word& word : words_of(file, {}, places))
      if (const auto index = index_of(*json, word)) json->remove(word.path, *index);
  if (json->text() == before) return before;
  // Folders Copilot's sandbox may reach stay where the file was changed since: others may count on them.
  Json left = json->value();
  left.erase("version");
  if (json->text().find("/*") != std::string::npos || json->text().find("//") != std::string::npos)
    return json->text();  // a comment may be all that is left: it is somebody's
  if (file.form == Form::gemini_system && left == Json{{"hooksConfig", {{"enabled", true}}}})
    return std::nullopt;
  if (left.empty() && file.form != Form::copilot_sandbox) return std::nullopt;
  return json->text();
}

Look look_in_json(const HookFile& file, const std::string& text, std::string_view program) {
  auto json = JsonText::parse(text, file.path);
  if (!json) return {State::broken, {}, json.error().render()};
  Look out;
  bool exact = true;
  for (const HookList& list : hook_lists(file.agent)) {
    const std::vector<size_t> ours = ours_in(*json, list.path, file.agent);
    if (ours.empty()) {
      exact = false;
      continue;
    }
    const Json& entry = (*json->find(list.path))[ours[0]];
    out.program = program_in(entry, file.agent);
    exact = exact && ours.size() == 1 && entry == hook_entry(file.agent, list.path.back(), out.program);
  }
  if (out.program.empty()) return {};
  out.state = exact ? State::live : State::changed;
  if (out.state == State::changed) out.why = "the entry is not as cmdai writes it";
  if (out.state == State::live && !program.empty() && out.program != program)
    out = {State::changed, out.program, "it calls " + out.program};
  return out;
}

Look look_in_codex(const HookFile& file, const std::string& text, std::string_view program) {
  const auto found = find_codex_hook(text, file.path, program);
  if (!found) return {State::broken, {}, found.error().render()};
  if (found->program.empty()) return {};
  if (!found->enabled) return {State::disabled, found->program, "hooks are switched off in this file"};
  if (file.form == Form::codex_config && !found->trusted)
    return {State::untrusted, found->program, "Codex skips it without a word until it is trusted"};
  if (!found->exact && !program.empty())
    return {State::changed, found->program, "the entry is not as cmdai writes it"};
  return {State::live, found->program, {}};
}

Look look_in_plugin(const std::string& text, std::string_view program) {
  const std::string called = program_of_plugin(text);
  if (called.empty()) return {};
  if (text != plugin_for(called)) return {State::changed, called, "the plugin is not as cmdai writes it"};
  if (!program.empty() && called != program) return {State::changed, called, "it calls " + called};
  return {State::live, called, {}};
}

}  // namespace

std::string_view to_string(Level level) { return kLevels[static_cast<size_t>(level)]; }
std::string_view to_string(Form form) { return kForms[static_cast<size_t>(form)]; }
std::string_view to_string(State state) { return kStates[static_cast<size_t>(state)]; }

Places places_from_environment(const std::string& home, const std::string& project, const std::string& socket,
                               std::string root) {
  Places out;
  out.home = home;
  out.config = from_environment("XDG_CONFIG_HOME", home + "/.config");
  out.claude = from_environment("CLAUDE_CONFIG_DIR", home + "/.claude");
  // Codex names its trust after the file's path, with the links of $CODEX_HOME followed, those of ~/.codex
  // not.
  out.codex = home + "/.codex";
  if (std::string given = from_environment("CODEX_HOME", {}); !given.empty()) out.codex = real_path(given);
  out.gemini = home + "/.gemini";
  out.copilot = from_environment("COPILOT_HOME", home + "/.copilot");
  out.project = project;
  out.socket = socket;
  while (root.ends_with('/')) root.pop_back();
  out.root = std::move(root);
  return out;
}

namespace {

std::vector<HookFile> user_files(std::string_view agent, const Places& p) {
  const std::string name(agent);
  if (agent == "claude-code") return {{name, Level::user, Form::json_hooks, p.claude + "/settings.json"}};
  if (agent == "codex") return {{name, Level::user, Form::codex_config, p.codex + "/config.toml"}};
  if (agent == "gemini") return {{name, Level::user, Form::json_hooks, p.gemini + "/settings.json"}};
  if (agent == "copilot")
    return {{name, Level::user, Form::json_hooks, p.copilot + "/hooks/cmdai.json"},
            {name, Level::user, Form::copilot_sandbox, p.copilot + "/settings.json"}};
  if (agent == "opencode") return {{name, Level::user, Form::whole, p.config + "/opencode/plugins/cmdai.js"}};
  if (agent == "cursor") return {{name, Level::user, Form::json_hooks, p.home + "/.cursor/hooks.json"}};
  if (agent == "windsurf")
    return {{name, Level::user, Form::json_hooks, p.home + "/.codeium/windsurf/hooks.json"}};
  return {};
}

std::vector<HookFile> project_files(std::string_view agent, const Places& p) {
  const std::string name(agent);
  const auto json = [&](std::string_view path) {
    return HookFile{name, Level::project, Form::json_hooks, p.project + std::string(path)};
  };
  if (agent == "claude-code") return {json("/.claude/settings.json"), json("/.claude/settings.local.json")};
  if (agent == "codex")
    return {{name, Level::project, Form::codex_config, p.project + "/.codex/config.toml"}};
  if (agent == "gemini") return {json("/.gemini/settings.json")};
  if (agent == "copilot") return {json("/.github/hooks/cmdai.json")};
  if (agent == "opencode")
    return {{name, Level::project, Form::whole, p.project + "/.opencode/plugins/cmdai.js"}};
  if (agent == "cursor") return {json("/.cursor/hooks.json")};
  if (agent == "windsurf") return {json("/.windsurf/hooks.json")};
  return {};
}

std::vector<HookFile> system_files(std::string_view agent, const Places& p) {
  const std::string name(agent);
  const std::string etc = p.root + "/etc";
  if (agent == "claude-code")
    return {{name, Level::system, Form::json_hooks, etc + "/claude-code/managed-settings.d/50-cmdai.json"}};
  if (agent == "codex")
    return {{name, Level::system, Form::codex_requirement, etc + "/codex/requirements.toml"}};
  if (agent == "gemini")
    return {{name, Level::system, Form::gemini_system, etc + "/gemini-cli/settings.json"}};
  if (agent == "copilot")
    return {{name, Level::system, Form::json_hooks, etc + "/github-copilot/policy.d/cmdai.json"}};
  if (agent == "opencode")
    return {{name, Level::system, Form::whole, etc + "/opencode/cmdai.js"},
            {name, Level::system, Form::opencode_config, etc + "/opencode/opencode.json"}};
  if (agent == "cursor") return {{name, Level::system, Form::json_hooks, etc + "/cursor/hooks.json"}};
  if (agent == "windsurf") return {{name, Level::system, Form::json_hooks, etc + "/windsurf/hooks.json"}};
  return {};
}

}  // namespace

std::vector<HookFile> hook_files(std::string_view agent, Level level, const Places& places) {
  switch (level) {
    case Level::user: return user_files(agent, places);
    case Level::project: return project_files(agent, places);
    case Level::system: return system_files(agent, places);
  }
  return {};
}

std::optional<HookFile> hook_file(std::string_view agent, std::string_view level, std::string_view form,
                                  const std::string& path) {
  const auto* known_level = std::find(std::begin(kLevels), std::end(kLevels), level);
  const auto* known_form = std::find(std::begin(kForms), std::end(kForms), form);
  if (known_level == std::end(kLevels) || known_form == std::end(kForms)) return std::nullopt;
  return HookFile{std::string(agent), static_cast<Level>(known_level - std::begin(kLevels)),
                  static_cast<Form>(known_form - std::begin(kForms)), path};
}

Result<std::optional<std::string>> with_hook(const HookFile& file, const std::optional<std::string>& before,
                                             std::string_view program, const Places& places) {
  if (file.form == Form::whole) return std::optional<std::string>(plugin_for(program));
  if (file.form == Form::codex_config || file.form == Form::codex_requirement) {
    const auto add = file.form == Form::codex_config ? with_codex_hook : with_codex_requirement;
    auto text = add(before.value_or(""), file.path, program);
    if (!text) return fail(text.error());
    return std::optional<std::string>(std::move(*text));
  }
  return with_json(file, before, program, places);
}

Result<std::optional<std::string>> without_hook(const HookFile& file, const std::string& before,
                                                const Places& places) {
  if (file.form == Form::whole) {
    if (program_of_plugin(before).empty()) return std::optional<std::string>(before);
    return std::optional<std::string>();
  }
  if (file.form == Form::codex_config || file.form == Form::codex_requirement) {
    const auto take = file.form == Form::codex_config ? without_codex_hook : without_codex_requirement;
    auto text = take(before, file.path);
    if (!text) return fail(text.error());
    if (*text != before && text->find_first_not_of(" \t\r\n") == std::string::npos)
      return std::optional<std::string>();
    return std::optional<std::string>(std::move(*text));
  }
  return without_json(file, before, places);
}

Look look(const HookFile& file, const std::string& text, std::string_view program,
          bool (*exists)(const std::string&)) {
  Look out;
  switch (file.form) {
    case Form::json_hooks:
    case Form::gemini_system: out = look_in_json(file, text, program); break;
    case Form::codex_config:
    case Form::codex_requirement: out = look_in_codex(file, text, program); break;
    case Form::whole: out = look_in_plugin(text, program); break;
    case Form::copilot_sandbox:
    case Form::opencode_config: return {};
  }
  if (out.state == State::none || out.state == State::broken) return out;
  if (!exists(out.program)) return {State::missing, out.program, out.program + " is not there"};
  for (const Switch& off : off_switches(file.agent, Places{}))
    if (file.level != Level::system && switched_off(off, text))
      return {State::disabled, out.program, "hooks are switched off in this file"};
  return out;
}

std::vector<Switch> off_switches(std::string_view agent, const Places& p) {
  if (agent == "claude-code")
    return {{p.claude + "/settings.json", {"disableAllHooks"}, {}, true},
            {p.project + "/.claude/settings.json", {"disableAllHooks"}, {}, true},
            {p.project + "/.claude/settings.local.json", {"disableAllHooks"}, {}, true}};
  if (agent == "gemini")
    return {{p.gemini + "/settings.json", {"hooksConfig", "enabled"}, {}, false},
            {p.gemini + "/settings.json", {"hooksConfig", "disabled"}, "cmdai", true},
            {p.project + "/.gemini/settings.json", {"hooksConfig", "enabled"}, {}, false},
            {p.project + "/.gemini/settings.json", {"hooksConfig", "disabled"}, "cmdai", true}};
  if (agent == "copilot")
    return {{p.copilot + "/settings.json", {"disableAllHooks"}, {}, true},
            {p.copilot + "/hooks/cmdai.json", {"disableAllHooks"}, {}, true},
            {p.project + "/.github/copilot/settings.json", {"disableAllHooks"}, {}, true}};
  return {};
}

bool switched_off(const Switch& off, const std::string& text) {
  const auto json = JsonText::parse(text, off.path);
  const Json* value = json ? json->find(off.member) : nullptr;
  if (value == nullptr) return false;
  if (off.word.empty()) return value->is_boolean() && value->get<bool>() == off.off_when;
  return value->is_array() && std::find(value->begin(), value->end(), Json(off.word)) != value->end();
}

std::string_view enforced(std::string_view agent) {
  if (agent == "claude-code")
    return "the hook runs whatever the user's or a project's settings, `--bare`, `--safe-mode` or "
           "CLAUDE_CONFIG_DIR say";
  if (agent == "codex")
    return "the hook runs and needs no trust; `--disable hooks`, `-c features.hooks=false` and CODEX_HOME do "
           "not switch it off";
  if (agent == "gemini")
    return "the hook runs, also where a user's settings say `hooksConfig.enabled: false`";
  if (agent == "copilot")
    return "the hook runs, outside of Copilot's sandbox; `disableAllHooks` and COPILOT_HOME do not switch it "
           "off";
  if (agent == "opencode") return "the plugin is loaded for every user";
  return "the hook runs beside those of the user and the project (by the documentation; not measured)";
}

std::string_view not_enforced(std::string_view agent) {
  if (agent == "claude-code") return "what a person types after `!` runs without hooks";
  if (agent == "codex")
    return "what is written into a shell that is open already (write_stdin) is not shown to hooks";
  if (agent == "gemini")
    return "`hooksConfig.disabled: [\"cmdai\"]` and GEMINI_CLI_SYSTEM_SETTINGS_PATH switch it off; only "
           "static rules in "
           "policies/*.toml would stay, and a pattern over the text stops what merely mentions a danger: "
           "none is written";
  if (agent == "copilot") return "a hook that is too slow counts as yes";
  if (agent == "opencode") return "`--pure` and OPENCODE_PURE leave all plugins out";
  return "what the agent does when the hook is too slow is not known";
}

}  // namespace cmdai::agents
