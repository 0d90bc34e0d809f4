#pragma once
// Settings of git that hold for one call or one shell, and the programs they make git start. git(1),
// git-config(1), git 2.39.
#include <string>
#include <string_view>
#include <vector>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

struct GitSetting {
  std::string key;  ///< in small letters; of a section name in the middle that is all the same to a guard
  std::string value;
  Argument word;  ///< KEY=VALUE as a person would look for it
};

/// KEY[=VALUE] of each -c.
std::vector<GitSetting> given_settings(const std::vector<const Argument*>& words);

/// Those of this call of git: -c, --config-env, GIT_CONFIG_COUNT with its keys, GIT_CONFIG_PARAMETERS.
std::vector<GitSetting> settings_of_call(const Call& git, Sink& sink);

/// Whether git hands the value of that key to a shell or starts it.
bool runs_code(std::string_view key);

/// A program by its path that nobody sets by hand and git starts at every turn, or one where anybody may put
/// it.
bool starts_foreign_program(std::string_view key, const std::string& value, const Sink& sink);

/// What the settings make git run; `verb` "": whatever may be asked of it.
void judge_settings(const std::vector<GitSetting>& settings, std::string_view verb, Sink& sink);

/// The key a variable of git stands for: GIT_SSH_COMMAND is core.sshcommand; "" when it names no program.
std::string_view key_of_variable(std::string_view name);

/// The value of a key that names a program, as git would run it.
void judge_git_program(std::string_view key, const Argument& value, Sink& sink);

}  // namespace cmdai::commands
