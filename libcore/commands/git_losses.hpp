#pragma once
// What a git command would lose, by what the repository's own files say. Each puts it into the facts of an
// effect; where nobody may look, or not everything can be told, they stay as they are. git 2.39.
#include <optional>
#include <string>
#include <vector>

#include "libcore/commands/losses.hpp"

namespace cmdai::commands {

/// The work tree one call of git works in, looked for when it is first asked about.
class GitPlace {
 public:
  GitPlace(const Call& git, Sink& sink) : git_(git), sink_(sink) {}
  /// nullptr: not known, or none.
  repository::WorkTree* tree();
  /// Absolute, its links followed; set when there is a tree.
  const std::string& folder() const { return folder_; }
  Sink& sink() { return sink_; }
  const Call& git() const { return git_; }

 private:
  const Call& git_;
  Sink& sink_;
  bool looked_ = false;
  std::string folder_;
  repository::WorkTree* tree_ = nullptr;
};

/// reset --hard [COMMIT]: "" is HEAD.
void weigh_reset(Effect& effect, GitPlace& place, const std::string& commit);
/// checkout [TREE] [PATH…] without a `--`: whether the first word is a path. nullopt: it may be either.
std::optional<bool> begins_with_path(GitPlace& place, const Argument& first);
/// checkout -f, checkout -- PATH…, restore PATH…: no path is everything. `from_index`: else out of a commit.
void weigh_discard(Effect& effect, GitPlace& place, const std::vector<const Argument*>& paths,
                   bool from_index);

/// rm -f PATH: the file goes from the index, too.
void weigh_removal(Effect& effect, GitPlace& place, const Argument& path);

struct CleanOptions {
  bool folders = false;       ///< -d
  bool ignored_too = false;   ///< -x
  bool ignored_only = false;  ///< -X
  bool repositories = false;  ///< -ff
};
void weigh_clean(Effect& effect, GitPlace& place, const std::vector<const Argument*>& paths,
                 const CleanOptions& options);
void weigh_stashes(Effect& effect, GitPlace& place);
/// `prefix`: refs/heads/ or refs/tags/
void weigh_refs(Effect& effect, GitPlace& place, const std::vector<const Argument*>& names,
                std::string_view prefix);
void weigh_worktree(Effect& effect, GitPlace& place, const Argument& path);
/// Whose branch a push would rewrite; `branch` empty: the one the current branch goes to.
void weigh_push(Effect& effect, GitPlace& place, const std::string& remote, const std::string& branch);

}  // namespace cmdai::commands
