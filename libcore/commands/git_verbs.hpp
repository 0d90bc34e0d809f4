#pragma once
// What git's verbs share: git.cpp finds the verb, git_history.cpp and git_programs.cpp judge it.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/commands/git_losses.hpp"
#include "libcore/commands/git_settings.hpp"
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

struct GitContext {
  const Call& call;
  Sink& sink;
  std::string verb;
  const std::vector<GitSetting>& settings;  ///< of this call
  GitPlace& place;
  bool unforced = false;  ///< -c clean.requireForce=false
};

struct GitVerb {
  std::string_view name;
  std::span<const Option> options;
  void (*judge)(GitContext&);
};

/// Verbs that lose commits, files or the work of others.
std::span<const GitVerb> git_history_verbs();
/// Verbs that start programs, or read out what is stored.
std::span<const GitVerb> git_program_verbs();

/// Of verbs of which no more is needed.
inline constexpr Option kGitForce[] = {{'f', "force"}, {'d', "delete"}, {'r', "recursive"}, {'n', "dry-run"},
                                       {0, "cached"},  {'q', "quiet"},  {'a', "all"},       {0, "stdin"}};

/// Values of this call, for keys that begin and end so.
std::vector<std::string> settings(const GitContext& c, std::string_view begin, std::string_view end);
Effect& history(GitContext& c, std::string_view tag, const Argument* at = nullptr);
/// A branch that is set to another commit, whatever it held.
void branch_reset(GitContext& c, const Argument* name, std::string_view how);
void run_line(GitContext& c, const Argument& code);
/// Programs of the other end; with a repository on this machine they run here.
void run_other_end(GitContext& c);

}  // namespace cmdai::commands
