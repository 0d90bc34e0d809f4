#pragma once
// What a repository's files make git run: aliases and hooks. Read where the caller's probe lets us look.
// git-config(1), githooks(5), git 2.39.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libcore/commands/git_settings.hpp"

namespace cmdai::commands {

/// Keys in small letters (`alias.undo`, `core.hookspath`) and values of a configuration file, in order. What
/// is no such file has none.
std::vector<std::pair<std::string, std::string>> parse_git_config(std::string_view text);

/// alias.NAME out of the repository's configuration or the user's own; nullopt: none, or `name` is one of
/// git's own verbs.
std::optional<GitSetting> alias_in_files(const Call& git, std::string_view name, Sink& sink);

/// The folder a call of git works in, on the disk: -C counted in. nullopt: not known, or told to look
/// elsewhere
/// (--git-dir, GIT_DIR …).
std::optional<std::string> working_folder(const Call& git, Sink& sink);

/// Runs the hooks of a verb: `commit` those before and behind a commit. `skips`: --no-verify.
void run_git_hooks(const Call& git, std::string_view verb, bool skips, Sink& sink);

}  // namespace cmdai::commands
