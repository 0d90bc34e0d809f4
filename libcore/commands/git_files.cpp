#include "libcore/commands/git_files.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/script_files.hpp"
#include "libcore/repository/config.hpp"

namespace cmdai::commands {
namespace {

/// Verbs no alias can take the place of, of those that are typed every day.
constexpr std::string_view kOwn[] = {
    "add",        "am",         "apply",     "archive",   "bisect",       "blame", "branch",
    "bundle",     "cat-file",   "checkout",  "cherry",    "cherry-pick",  "clean", "clone",
    "commit",     "config",     "describe",  "diff",      "difftool",     "fetch", "format-patch",
    "fsck",       "gc",         "grep",      "help",      "init",         "log",   "ls-files",
    "ls-remote",  "ls-tree",    "merge",     "mergetool", "mv",           "notes", "pull",
    "push",       "range-diff", "rebase",    "reflog",    "remote",       "reset", "restore",
    "rev-list",   "rev-parse",  "revert",    "rm",        "shortlog",     "show",  "sparse-checkout",
    "stash",      "status",     "submodule", "switch",    "symbolic-ref", "tag",   "update-index",
    "update-ref", "version",    "worktree"};

struct Hook {
  std::string_view verb, name;
  bool skipped = false;  ///< by --no-verify
};
constexpr Hook kHooks[] = {
    {"commit", "pre-commit", true}, {"commit", "prepare-commit-msg"}, {"commit", "commit-msg", true},
    {"commit", "post-commit"},      {"push", "pre-push", true},       {"merge", "pre-merge-commit", true},
    {"merge", "commit-msg", true},  {"merge", "post-merge"},          {"pull", "post-merge"},
    {"checkout", "post-checkout"},  {"switch", "post-checkout"},      {"worktree", "post-checkout"},
    {"rebase", "pre-rebase", true}, {"rebase", "post-rewrite"},       {"am", "applypatch-msg", true},
    {"am", "pre-applypatch", true}, {"am", "post-applypatch"},        {"gc", "pre-auto-gc"}};

/// The folder one works in: that of the call, or of -C.
Value folder_of(const Call& git) {
  Value folder = git.invocation().cwd;
  for (const Argument* given : git.values("directory")) {
    if (given->value.prefix().starts_with('/'))
      folder = Value();
    else
      folder.append_literal("/", false);
    folder.append(given->value);
  }
  return folder;
}

/// The folder here or above that holds .git; "" when there is none.
std::string repository_of(const Call& git, Sink& sink) {
  constexpr int kHighest = 16;
  Probe* probe = sink.probe();
  auto path = probe != nullptr ? disk_path(sink, folder_of(git)) : std::nullopt;
  for (int i = 0; path && i < kHighest; ++i) {
    const auto found = probe->lstat(*path + "/.git");
    if (found) return found->kind == FileKind::directory ? *path : "";
    const size_t slash = path->rfind('/');
    if (slash == std::string::npos || slash == 0) break;
    path->resize(slash);
  }
  return {};
}

/// The last value of a key, the repository's before the user's.
std::optional<std::string> in_files(const std::string& repository, std::string_view key, Sink& sink) {
  const std::string files[] = {repository.empty() ? "" : repository + "/.git/config",
                               sink.home().empty() ? "" : sink.home() + "/.gitconfig",
                               sink.home().empty() ? "" : sink.home() + "/.config/git/config"};
  for (const std::string& file : files) {
    const auto text = file.empty() ? std::nullopt : read_text(sink, Value::exact(file));
    if (!text) continue;
    std::optional<std::string> found;
    for (auto& [name, value] : parse_git_config(text->text))
      if (name == key) found = std::move(value);
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_git_config(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  for (repository::ConfigEntry& entry : repository::read_config(text))
    out.emplace_back(entry.section + '.' + entry.key, std::move(entry.value));
  return out;
}

std::optional<std::string> working_folder(const Call& git, Sink& sink) {
  static constexpr std::string_view kElsewhere[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
                                                    "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"};
  const auto& assigns = git.invocation().assigns;
  const bool told =
      std::any_of(assigns.begin(), assigns.end(), [](const auto& a) { return among(kElsewhere, a.name); }) ||
      std::any_of(std::begin(kElsewhere), std::end(kElsewhere), [&](std::string_view name) {
        return sink.evaluator().is_set(name) && !sink.evaluator().variable(name).with_holes_empty().empty();
      });
  const auto settings = git.values("config");  // -c core.worktree=…
  const bool core = std::any_of(settings.begin(), settings.end(), [](const Argument* setting) {
    return lower(setting->value.prefix()).starts_with("core.");
  });
  if (told || core || git.any("git-dir work-tree bare namespace")) return std::nullopt;
  return disk_path(sink, folder_of(git));
}

std::optional<GitSetting> alias_in_files(const Call& git, std::string_view name, Sink& sink) {
  if (sink.probe() == nullptr || name.empty() || among(kOwn, name)) return std::nullopt;
  const std::string key = "alias." + lower(name);
  const auto value = in_files(repository_of(git, sink), key, sink);
  if (!value) return std::nullopt;
  return GitSetting{key, *value, {Value::exact(key + '=' + *value), git.invocation().place, nullptr}};
}

void run_git_hooks(const Call& git, std::string_view verb, bool skips, Sink& sink) {
  const bool has_any =
      std::any_of(std::begin(kHooks), std::end(kHooks), [verb](const Hook& h) { return h.verb == verb; });
  Probe* probe = sink.probe();
  if (!has_any || probe == nullptr) return;
  const std::string repository = repository_of(git, sink);
  if (repository.empty()) return;
  std::string folder = repository + "/.git/hooks";
  if (const auto given = in_files(repository, "core.hookspath", sink)) {
    folder = given->starts_with('/') ? *given : repository + '/' + *given;
    if (given->starts_with("~/")) folder = sink.home() + given->substr(1);
  }
  for (const Hook& hook : kHooks) {
    if (hook.verb != verb || (hook.skipped && skips)) continue;
    const std::string path = folder + '/' + std::string(hook.name);
    const auto info = probe->lstat(path);
    constexpr uint32_t kExecutable = 0111;
    if (!info || (info->kind == FileKind::regular && (info->mode & kExecutable) == 0)) continue;
    run_program_file(sink, {{Value::exact(path), git.invocation().place, nullptr}});
  }
}

}  // namespace cmdai::commands
