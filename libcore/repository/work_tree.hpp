#pragma once
// A work tree as its files tell it, git is never run: what of it git has, what it has not, what is only here.
// Everything is asked of the probe and bounded; what was not looked at to its end says so.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/probe.hpp"
#include "libcore/repository/config.hpp"
#include "libcore/repository/ignore.hpp"
#include "libcore/repository/index.hpp"
#include "libcore/repository/refs.hpp"

namespace cmdai::repository {

enum class FileState : uint8_t {
  unchanged,  ///< as in the index: git brings it back
  changed,    ///< git has it, but not like this
  deleted,    ///< git has it, the disk does not
  untracked,  ///< git does not have it
  ignored,    ///< the same, and is told not to look
  rebuilt,    ///< untracked or ignored, but by its name made again by a tool
};

/// What was found below one place.
struct Survey {
  size_t unchanged = 0, changed = 0, deleted = 0, untracked = 0, ignored = 0, rebuilt = 0;
  uint64_t files = 0, bytes = 0;                                           ///< of what was looked at
  std::vector<std::string> untracked_names, changed_names, ignored_names;  ///< the first few, from the top
  std::vector<std::string> repositories;  ///< absolute: others inside this one
  std::vector<std::string> mounts;        ///< absolute: other file systems
  bool whole = true;                      ///< false: there may be more of everything
};

struct SurveyOptions {
  /// Whether a file or folder of this name is made again by tools (node_modules, x.o).
  std::function<bool(std::string_view name)> is_rebuilt = [](std::string_view) { return false; };
  /// Told of every file; folders that are ignored as a whole are entered then, too.
  std::function<void(std::string_view path, FileState state)> visit;
  size_t most = 8192;            ///< directory entries
  bool tracked_folders = false;  ///< only where git has something: what `git clean` without -d sees
};

/// What would be gone with the .git folder.
struct History {
  std::vector<std::string> branches;  ///< names of those whose commit no remote had when it was asked last
  bool has_commits = false;
  bool has_remote = false;
  size_t stashes = 0;
  bool whole = true;
};

class WorkTree {
 public:
  /// The innermost one that holds `path` (absolute, its folders no links). `home` is where the user's own
  /// settings are; may be empty.
  static std::optional<WorkTree> around(Probe& probe, const std::string& path, const std::string& home);
  /// The folder around() would take for its top; nullopt: there is none.
  static std::optional<std::string> top_around(Probe& probe, const std::string& path);
  /// The one whose top is this folder.
  static std::optional<WorkTree> at(Probe& probe, const std::string& folder, const std::string& home);

  const std::string& top() const { return top_; }
  const std::string& git_folder() const { return git_folder_; }
  /// The history lies in the work tree itself: not a linked work tree, a submodule, a --separate-git-dir.
  bool holds_history() const { return git_folder_ == top_ + "/.git" && common_ == git_folder_; }
  bool contains(std::string_view path) const;

  /// False: there is an index, but it cannot be read.
  bool is_known();
  /// Of a file or link; for what is not there, by the index. nullopt: cannot be told.
  std::optional<FileState> state_of(const std::string& path, const SurveyOptions& options = {});
  /// Whether git has this file, or files below this folder.
  bool has(const std::string& path);
  bool is_ignored(const std::string& path, bool directory);
  /// Everything below a folder (absolute), or the folder's own entries that `wanted` names.
  Survey survey(const std::string& folder, const SurveyOptions& options = {},
                const std::function<bool(const Listing::Entry&)>& wanted = {});
  /// Whether something is staged that HEAD does not have; nullopt: cannot be told.
  std::optional<bool> has_staged();

  const Refs& refs();
  /// What branch.NAME.merge says: where a local branch goes to, by its short name.
  std::optional<std::string> upstream_of(std::string_view branch) const;
  History history();

 private:
  WorkTree(Probe& probe, std::string home) : probe_(&probe), home_(std::move(home)) {}
  struct Level {
    std::string folder;  ///< from the top; "" is the top
    IgnoreFile file;
  };
  class Walk;

  void load();
  void load_excludes();
  std::vector<std::vector<ConfigEntry>> read_configs();
  std::optional<std::string> setting(std::string_view section, std::string_view key) const;
  std::string below_top(std::string_view path) const;
  IgnoreFile read_ignore(const std::string& path);
  /// The .gitignore files from the top down to a folder.
  std::vector<Level> levels_for(std::string_view folder);
  std::optional<bool> asked(const std::vector<Level>& levels, std::string_view path, bool directory) const;
  bool ignored_on_the_way(const std::vector<Level>& levels, std::string_view path, bool directory) const;
  std::optional<bool> is_unchanged(const IndexEntry& entry, const std::string& path, const FileInfo& info);
  std::optional<std::string> blob_on_disk(const std::string& path, const FileInfo& info);

  Probe* probe_;
  std::string home_;
  std::string top_, git_folder_, common_;
  std::vector<std::vector<ConfigEntry>> configs_;  ///< system, user's two, repository
  bool loaded_ = false;
  std::optional<Index> index_;  ///< not set though loaded: cannot be read
  int64_t index_written_ = 0;
  bool any_case_ = false, file_modes_ = true, change_time_ = true;
  std::vector<IgnoreFile> excludes_;  ///< the first counts first
  std::optional<Refs> refs_;
  bool unread_ = false;           ///< an ignore file that could not be
  size_t hashed_ = 0;             ///< bytes
  mutable uint64_t matched_ = 0;  ///< steps of matching ignore patterns
};

}  // namespace cmdai::repository
