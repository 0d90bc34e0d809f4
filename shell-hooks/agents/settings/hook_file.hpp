#pragma once
// The files that make an agent ask cmdai: where they are, how our part is put in, taken out and found again.
// Texts in, texts out: who reads and writes the disk is the command (daemon/cli) and the watcher
// (daemon/cmdaid).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::agents {

enum class Level { user, project, system };
std::string_view to_string(Level level);

/// What decides where an agent's files are; all paths absolute.
struct Places {
  std::string home;
  std::string config;  ///< $XDG_CONFIG_HOME, else ~/.config
  std::string claude, codex, gemini,
      copilot;          ///< their folders, with $CLAUDE_CONFIG_DIR, $CODEX_HOME, $COPILOT_HOME
  std::string project;  ///< the directory one works in
  std::string root;     ///< before each path of the system; empty: none
  std::string socket;   ///< the daemon's
  std::string
      fallback;  ///< cmdai itself, which the hook's program may have to become; a sandbox must show it, too
};
/// From the environment of this process. `root`: for packages and tests.
Places places_from_environment(const std::string& home, const std::string& project, const std::string& socket,
                               std::string root = {});

/// How our part stands in a file.
enum class Form {
  json_hooks,         ///< an element of a list of hooks
  gemini_system,      ///< the same, and hooks switched on
  copilot_sandbox,    ///< what Copilot's sandbox must let a hook reach
  opencode_config,    ///< a plugin named in opencode.json
  codex_config,       ///< config.toml with trust
  codex_requirement,  ///< requirements.toml
  whole               ///< the file is ours from begin to end
};
std::string_view to_string(Form form);

struct HookFile {
  std::string agent;
  Level level = Level::user;
  Form form = Form::json_hooks;
  std::string path;
};

/// The files of one agent, in the order they are written. `sandboxed`: Copilot's sandbox is on. Empty:
/// nothing is written at this level.
std::vector<HookFile> hook_files(std::string_view agent, Level level, const Places& places);
/// The file of a record line; nullopt: no such one any more.
std::optional<HookFile> hook_file(std::string_view agent, std::string_view level, std::string_view form,
                                  const std::string& path);

/// The text with our part in it, unchanged where it is there; `before`: nullopt when there is no file.
/// Nullopt in the result: nothing is to be written (Copilot without a sandbox). Error: with its place; the
/// file is not as it should be, or has no room for a hook.
Result<std::optional<std::string>> with_hook(const HookFile& file, const std::optional<std::string>& before,
                                             std::string_view program, const Places& places);
/// Without it; nullopt: nothing that anybody would miss is left, the file can go.
Result<std::optional<std::string>> without_hook(const HookFile& file, const std::string& before,
                                                const Places& places);

enum class State {
  none,       ///< no hook of ours
  live,       ///< as we write it
  changed,    ///< ours, but not as we write it: another program, matcher or time limit
  missing,    ///< the program it calls is not there
  untrusted,  ///< Codex does not run it
  disabled,   ///< switched off in the same file
  broken      ///< the file cannot be read
};
std::string_view to_string(State state);

struct Look {
  State state = State::none;
  std::string program;  ///< it calls
  std::string why;      ///< for people, where there is more to say
};
/// `exists`: whether a program is there.
Look look(const HookFile& file, const std::string& text, std::string_view program,
          bool (*exists)(const std::string&));

/// What else can switch an agent's own hooks off, for `list` and the watcher: (file, member names).
struct Switch {
  std::string path;
  std::vector<std::string> member;
  std::string_view word;  ///< in a list of names; empty: the member itself
  bool off_when = true;   ///< its value
};
std::vector<Switch> off_switches(std::string_view agent, const Places& places);
/// Whether the switch is in this text and off.
bool switched_off(const Switch& off, const std::string& text);

/// One sentence each: what the agent's managed file holds its user to, and what it cannot.
std::string_view enforced(std::string_view agent);
std::string_view not_enforced(std::string_view agent);

}  // namespace cmdai::agents
