#pragma once
// Branches, tags, what remotes had when they were asked last, stashes. gitrepository-layout(5), git 2.39.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/probe.hpp"

namespace cmdai::repository {

/// All of them, read once.
class Refs {
 public:
  /// `common`: the .git folder that worktrees share, `own`: that of the work tree at hand.
  static Refs read(Probe& probe, const std::string& common, const std::string& own);

  /// False: some could not be read, or are kept in a way that is not read here (reftable).
  bool whole() const { return whole_; }
  /// Hash (hex) behind a full name such as refs/heads/main; "" when there is none.
  std::string hash(const std::string& name) const;
  /// What HEAD points to: a full name, or "" when it is a commit itself.
  const std::string& head() const { return head_; }
  std::string head_hash() const;
  /// Names below refs/heads/, refs/remotes/ …, with their hashes.
  std::vector<std::pair<std::string, std::string>> below(std::string_view prefix) const;
  /// Whether some ref other than `but` has this commit; below a prefix, or anywhere.
  bool anyone_has(std::string_view hash, std::string_view below, std::string_view but = {}) const;
  /// The commit that a word of a command line names, as far as it can be told: HEAD, a branch, a tag,
  /// origin/x, a whole hash.
  std::string resolve(std::string_view word) const;
  /// The branch the remote calls its own: "main" from refs/remotes/origin/HEAD; "" when not known.
  std::string default_branch(std::string_view remote) const;
  size_t stashes() const { return stashes_; }

 private:
  void read_loose(Probe& probe, const std::string& folder, const std::string& prefix, int depth);
  void read_packed(std::string_view text);
  void take(const std::string& name, std::string_view text);

  std::map<std::string, std::string, std::less<>> hashes_;
  std::map<std::string, std::string, std::less<>> links_;  ///< refs that name another one
  std::string head_, head_hash_;
  size_t stashes_ = 0;
  bool whole_ = true;
};

}  // namespace cmdai::repository
