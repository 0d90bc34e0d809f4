#include "libcore/commands/git_losses.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/git_files.hpp"

namespace cmdai::commands {
namespace {

using effects::BranchRole;
using effects::Loss;
using repository::Survey;
using repository::WorkTree;

constexpr std::string_view kHeads = "refs/heads/", kRemotes = "refs/remotes/";

/// Where a pathspec points, absolute; nullopt: not known, or with magic of its own (gitglossary(7)).
std::optional<std::string> place_of(const Argument& word, GitPlace& place) {
  const auto text = word.value.text();
  if (!text || text->empty()) return std::nullopt;
  if (*text == ":/") return place.tree()->top();
  if (*text == "*" || *text == "./*") return place.folder();
  if (text->front() == ':' || text->find_first_of("*?[\\") != std::string::npos) return std::nullopt;
  const std::string path = effects::normalize(*text, place.folder());
  return place.tree()->contains(path) ? std::optional(path) : std::nullopt;
}

void join(Survey& all, const Survey& part) {
  all.unchanged += part.unchanged;
  all.changed += part.changed;
  all.untracked += part.untracked;
  all.ignored += part.ignored;
  all.rebuilt += part.rebuilt;
  all.whole = all.whole && part.whole;
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(all.changed_names, part.changed_names);
  append(all.untracked_names, part.untracked_names);
  append(all.ignored_names, part.ignored_names);
  append(all.repositories, part.repositories);
}

/// A file by its state, as a survey of one.
Survey survey_file(WorkTree& tree, const std::string& path, const repository::SurveyOptions& options) {
  using repository::FileState;
  Survey out;
  const auto state = tree.state_of(path, options);
  const std::string name = path.substr(tree.top().size() + 1);
  if (!state) out.whole = false;
  if (state == FileState::changed) out.changed = 1, out.changed_names = {name};
  if (state == FileState::untracked) out.untracked = 1, out.untracked_names = {name};
  if (state == FileState::ignored) out.ignored = 1, out.ignored_names = {name};
  if (state == FileState::rebuilt) out.rebuilt = 1;
  return out;
}

/// Everything below the paths; no path is `otherwise` as a whole. nullopt: one of them is not known.
std::optional<Survey> survey_paths(GitPlace& place, const std::vector<const Argument*>& paths,
                                   const std::string& otherwise, const repository::SurveyOptions& options) {
  WorkTree& tree = *place.tree();
  if (paths.empty()) return tree.survey(otherwise, options);
  Survey all;
  constexpr size_t kMost = 64;
  if (paths.size() > kMost) return std::nullopt;
  for (const Argument* word : paths) {
    const auto path = place_of(*word, place);
    if (!path) return std::nullopt;
    const auto info = place.sink().disk()->lstat(*path);
    if (info && info->kind == FileKind::directory)
      join(all, tree.survey(*path, options));
    else if (!place.sink().disk()->is_absent(*path))
      join(all, survey_file(tree, *path, options));
  }
  return all;
}

/// What of the changes to files git has would go. `also_staged`: what is staged as well. `replaced`: files
/// git does not have may be written over, too. Whether all could be told.
bool weigh_changes(Effect& e, GitPlace& place, const std::vector<const Argument*>& paths, bool also_staged,
                   bool replaced) {
  repository::SurveyOptions options = survey_options();
  options.tracked_folders = !replaced;
  auto found = survey_paths(place, paths, place.tree()->top(), options);
  if (!found) return false;
  const bool others = replaced && found->untracked > 0;
  found->untracked = 0;  // they stay where they are, most of them
  add_survey(e.facts, *found);
  if (!found->whole) say_unfinished(e.facts);
  bool told = found->whole && !others;
  if (also_staged) {
    const auto staged = place.tree()->has_staged();
    told = told && staged.has_value();
    if (staged.value_or(false)) {
      e.facts.losses.add(Loss::work);
      add_clause(e.facts, "something is staged and not committed");
    }
  }
  return told;
}

void nothing_more(Effect& e, bool told) {
  if (told && !e.facts.losses.any()) e.facts.losses.add(Loss::nothing);
}

/// Names many work on, whatever a remote calls its own.
bool is_shared_name(std::string_view branch) {
  static constexpr std::string_view kShared[] = {"main",    "master",     "trunk", "develop", "development",
                                                 "dev",     "production", "prod",  "release", "stable",
                                                 "staging", "live",       "next"};
  return among(kShared, branch) || branch.starts_with("release/") || branch.starts_with("releases/") ||
         branch.starts_with("release-");
}

std::string first_words(const std::string& text) {
  return text.size() <= 40 ? text : text.substr(0, 40) + "…";
}

}  // namespace

WorkTree* GitPlace::tree() {
  if (!looked_) {
    looked_ = true;
    Probe* disk = sink_.disk();
    const auto given = disk != nullptr ? working_folder(git_, sink_) : std::nullopt;
    const auto real = given ? disk->real_path(*given) : std::nullopt;
    if (real) {
      folder_ = *real;
      tree_ = sink_.tree_around(folder_);
      if (tree_ != nullptr && !tree_->is_known()) tree_ = nullptr;
    }
  }
  return tree_;
}

void weigh_reset(Effect& e, GitPlace& place, const std::string& commit) {
  WorkTree* tree = place.tree();
  if (tree == nullptr) return;
  const repository::Refs& refs = tree->refs();
  const std::string head = refs.head_hash(), target = refs.resolve(commit);
  const bool moves = target != head || head.empty();
  bool told = weigh_changes(e, place, {}, true, moves);
  if (moves && !head.empty()) {
    const std::string& branch = refs.head();
    const bool kept = refs.anyone_has(head, kRemotes) || refs.anyone_has(head, kHeads, branch);
    told = told && kept && refs.whole();
    if (!kept && refs.whole()) {
      e.facts.losses.add(Loss::commits);
      const std::string name = branch.starts_with(kHeads) ? branch.substr(kHeads.size()) : "HEAD";
      add_clause(e.facts, fmt::format("what is on {} now is on no other branch", first_words(name)));
    }
  }
  nothing_more(e, told);
}

std::optional<bool> begins_with_path(GitPlace& place, const Argument& first) {
  WorkTree* tree = place.tree();
  const auto path = tree != nullptr ? place_of(first, place) : std::nullopt;
  if (!path) return std::nullopt;
  const bool there = place.sink().disk()->lstat(*path).has_value() || tree->has(*path);
  const bool commit = !tree->refs().resolve(first.value.with_holes_empty()).empty();
  if (there && commit) return std::nullopt;
  return there;
}

void weigh_discard(Effect& e, GitPlace& place, const std::vector<const Argument*>& paths, bool from_index) {
  if (place.tree() != nullptr) nothing_more(e, weigh_changes(e, place, paths, !from_index, !from_index));
}

void weigh_removal(Effect& e, GitPlace& place, const Argument& path) {
  if (place.tree() == nullptr) return;
  const bool told = weigh_changes(e, place, {&path}, true, false);
  if (told && !e.facts.losses.any()) e.facts.losses.add(Loss::restorable);
}

void weigh_clean(Effect& e, GitPlace& place, const std::vector<const Argument*>& paths,
                 const CleanOptions& options) {
  if (place.tree() == nullptr) return;
  repository::SurveyOptions how = survey_options();
  how.tracked_folders = !options.folders && paths.empty();
  auto found = survey_paths(place, paths, place.folder(), how);
  if (!found) return;
  found->changed = 0;  // git has them, and they stay
  if (options.ignored_only) found->untracked = 0;
  add_survey(e.facts, *found);
  const bool ignored = options.ignored_only || options.ignored_too;
  if (ignored && found->ignored > 0) {
    e.facts.losses.add(Loss::work);
    add_clause(e.facts,
               fmt::format("{} ignored: {}", counted(found->ignored, "file or folder", "files or folders"),
                           some_names(found->ignored_names, found->ignored)));
  }
  if (!found->whole) say_unfinished(e.facts);
  const bool told = found->whole && (!options.repositories || found->repositories.empty());
  if (told && !e.facts.losses.any())
    e.facts.losses.add(found->rebuilt > 0 ? Loss::restorable : Loss::nothing);
}

void weigh_stashes(Effect& e, GitPlace& place) {
  if (place.tree() == nullptr || !place.tree()->refs().whole()) return;
  const size_t stashes = place.tree()->refs().stashes();
  if (stashes == 0) return e.facts.losses.add(Loss::nothing);
  e.facts.losses.add(Loss::commits);
  add_clause(e.facts, counted(stashes, "stash is there", "stashes are there"));
}

void weigh_refs(Effect& e, GitPlace& place, const std::vector<const Argument*>& names,
                std::string_view prefix) {
  if (place.tree() == nullptr || !place.tree()->refs().whole()) return;
  const repository::Refs& refs = place.tree()->refs();
  std::vector<std::string> only;
  bool any = false;
  for (const Argument* word : names) {
    const auto name = word->value.text();
    if (!name || word->value.has_glob()) return;
    const std::string full = std::string(prefix) + *name, hash = refs.hash(full);
    if (hash.empty()) continue;  // git refuses
    any = true;
    const bool detached = refs.head().empty() && refs.head_hash() == hash;
    const auto goes = [&](const std::string& other) {
      return std::any_of(names.begin(), names.end(), [&](const Argument* n) {
        return other == std::string(prefix) + n->value.with_holes_empty();
      });
    };
    const auto all = refs.below("refs/");
    const bool kept = detached || std::any_of(all.begin(), all.end(), [&](const auto& ref) {
                        return ref.second == hash && ref.first != "refs/stash" && !goes(ref.first);
                      });
    if (!kept) only.push_back(*name);
  }
  if (only.empty()) return e.facts.losses.add(any ? Loss::restorable : Loss::nothing);
  e.facts.losses.add(Loss::commits);
  add_clause(e.facts, fmt::format("no other branch and no remote is known to have what is on {}",
                                  some_names(only, only.size())));
}

void weigh_worktree(Effect& e, GitPlace& place, const Argument& word) {
  Probe* disk = place.sink().disk();
  const auto text = word.value.text();
  if (place.tree() == nullptr || !text) return;
  const auto real = disk->real_path(effects::normalize(*text, place.folder()));
  WorkTree* tree = real ? place.sink().tree_at(*real) : nullptr;
  if (tree == nullptr || !tree->is_known()) return;
  const Survey found = tree->survey(tree->top(), survey_options());
  add_survey(e.facts, found);
  if (!found.whole) say_unfinished(e.facts);
  const auto staged = tree->has_staged();
  if (staged.value_or(false)) {
    e.facts.losses.add(Loss::work);
    add_clause(e.facts, "something is staged and not committed");
  }
  if (found.whole && staged && found.ignored == 0 && found.repositories.empty() && !e.facts.losses.any())
    e.facts.losses.add(Loss::restorable);
}

void weigh_push(Effect& e, GitPlace& place, const std::string& remote, const std::string& branch) {
  WorkTree* tree = place.tree();
  if (tree == nullptr || !tree->refs().whole()) return;
  const repository::Refs& refs = tree->refs();
  std::string name = branch == "HEAD" || branch == "@" ? "" : branch;
  if (name.empty()) {
    if (!refs.head().starts_with(kHeads)) return;
    const std::string here = refs.head().substr(kHeads.size());
    name = tree->upstream_of(here).value_or(here);
    if (is_shared_name(here)) name = here;  // push.default may say either: the worse one counts
  }
  if (name.find_first_of("*?[$") != std::string::npos) return;
  const bool own_default = name == refs.default_branch(remote.empty() ? "origin" : remote);
  e.facts.branch = own_default || is_shared_name(name) ? BranchRole::shared : BranchRole::own;
}

}  // namespace cmdai::commands
