#pragma once
// What git does not want to see: .gitignore, .git/info/exclude, core.excludesFile. gitignore(5), git 2.39.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::repository {

/// git's own matching (WM_PATHNAME): `*` and `?` stop at a slash, `**` between slashes does not, `[…]` with
/// classes, backslashes. Bounded: a pattern that would try too much does not match.
/// `steps` grows by what it took.
bool path_matches(std::string_view pattern, std::string_view path, uint64_t& steps);

/// The patterns of one file, which holds for one directory and what is below.
class IgnoreFile {
 public:
  /// `any_case`: core.ignoreCase
  explicit IgnoreFile(std::string_view text, bool any_case = false);

  /// What the last pattern that fits says of a path below the directory; nullopt: none does.
  std::optional<bool> ignores(std::string_view path, bool directory, uint64_t& steps) const;
  bool empty() const { return patterns_.empty(); }

 private:
  struct Pattern {
    std::string text;
    bool negated = false;
    bool directories_only = false;
    bool name_only = false;  ///< has no slash: fits in every directory below
  };
  std::vector<Pattern> patterns_;
  bool any_case_;
};

}  // namespace cmdai::repository
