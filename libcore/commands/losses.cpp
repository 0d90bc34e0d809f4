#include "libcore/commands/losses.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/base/wildcard.hpp"

namespace cmdai::commands {
namespace {

using effects::Facts;
using effects::Loss;
using repository::FileState;
using repository::Survey;
using repository::WorkTree;

/// Of a folder no git knows: so many entries are looked at, and so much is much.
constexpr size_t kMostEntries = 2000, kManyFiles = 500;
constexpr uint64_t kLarge = 100U << 20;
constexpr size_t kMostRepositories = 4;
constexpr int kDeepest = 32;

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}
std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// Long names by their end, which tells files apart.
std::string shortened(const std::string& name) {
  constexpr size_t kLongest = 28;
  if (name.size() <= kLongest) return name;
  size_t from = name.size() - kLongest;
  while (from < name.size() && (static_cast<unsigned char>(name[from]) & 0xc0U) == 0x80U) ++from;
  return "…" + name.substr(from);
}

/// What is in a folder outside of any work tree.
struct Count {
  size_t files = 0, entries = 0;
  uint64_t bytes = 0;
  std::vector<std::string> repositories, mounts;
  bool whole = true;
};

void count_in(Probe& probe, const std::string& folder, uint64_t device, int depth, Count& count) {
  const size_t left = kMostEntries - std::min(kMostEntries, count.entries);
  const auto found = left > 0 && depth < kDeepest ? probe.scan(folder, left) : std::nullopt;
  if (!found) {
    count.whole = false;
    return;
  }
  count.whole = count.whole && found->whole;
  count.entries += found->entries.size();
  for (const Listing::Entry& entry : found->entries) {
    const std::string path = folder + '/' + entry.name;
    if (entry.info.kind != FileKind::directory) {
      ++count.files;
      count.bytes += entry.info.size;
    } else if (entry.name == ".git") {
      count.repositories.push_back(folder);
    } else if (entry.info.device != device) {
      count.mounts.push_back(path);
    } else if (!effects::is_rebuilt(entry.name)) {
      count_in(probe, path, device, depth + 1, count);
    } else {
      ++count.files;  // something is there, but nothing to miss
    }
  }
}

std::string size_text(uint64_t bytes) {
  constexpr uint64_t kMega = 1U << 20, kGiga = 1U << 30;
  if (bytes >= kGiga) return fmt::format("{} GB", bytes / kGiga);
  return bytes >= kMega ? fmt::format("{} MB", bytes / kMega) : fmt::format("{} KB", (bytes + 1023) / 1024);
}

/// One deletion or overwriting on its way to its facts.
class Weigher {
 public:
  Weigher(Effect& effect, const Sink& sink)
      : e_(effect), facts_(effect.facts), sink_(sink), probe_(*sink.disk()), home_(sink.home()) {}

  void deletion() {
    const std::string& path = e_.target.text;
    if (e_.target.glob) return matching(path);
    const auto info = probe_.lstat(path);
    if (!info) {
      if (!e_.privileged && probe_.is_absent(path)) facts_.losses.add(Loss::nothing);
      return;
    }
    const auto parent = probe_.real_path(folder_of(path));
    if (!parent) return;
    const std::string real = (*parent == "/" ? "" : *parent) + '/' + name_of(path);
    if (info->kind == FileKind::symlink)
      return facts_.losses.add(Loss::restorable);  // what it leads to stays
    if (info->kind != FileKind::directory) return one_file(real);
    if (!e_.recursive) return;
    const auto above = probe_.lstat(*parent);
    if (above && above->device != info->device) mounted(real);
    folder(real);
  }

  void overwriting() {
    const std::string& path = e_.target.text;
    const auto info = probe_.lstat(path);
    if (!info && probe_.is_absent(path)) return facts_.losses.add(Loss::nothing);
    const auto real = info ? probe_.real_path(path) : std::nullopt;
    const auto file = real ? probe_.lstat(*real) : std::nullopt;
    if (!file || file->kind != FileKind::regular) return;
    if (file->size == 0) return facts_.losses.add(Loss::nothing);
    WorkTree* tree = sink_.tree_around(folder_of(*real));
    const auto state = tree != nullptr ? tree->state_of(*real, survey_options()) : std::nullopt;
    if (tree != nullptr && !state) return;
    if (!state || state == FileState::ignored) return content(*file);
    if (state == FileState::unchanged || state == FileState::rebuilt)
      return facts_.losses.add(Loss::restorable);
    facts_.losses.add(Loss::work);
    add_clause(facts_, state == FileState::changed ? "it has changes that are in no commit"
                                                   : "git does not have this file");
  }

 private:
  void content(const FileInfo& file) {
    facts_.losses.add(Loss::content);
    add_clause(facts_, fmt::format("{} stand in it now", size_text(file.size)));
  }

  void mounted(const std::string& path) {
    facts_.losses.add(Loss::mounted);
    add_clause(facts_, fmt::format("another file system is mounted at {}", shortened(path)));
  }

  /// A file that is named is meant; but what git brings back is not lost.
  void one_file(const std::string& path) {
    WorkTree* tree = sink_.tree_around(folder_of(path));
    if (tree != nullptr && tree->state_of(path) == FileState::unchanged) facts_.losses.add(Loss::restorable);
  }

  void folder(const std::string& path) {
    if (name_of(path) == ".git") {
      WorkTree* tree = sink_.tree_at(folder_of(path));
      if (tree != nullptr && tree->holds_history()) conclude(history(*tree), false);
      return;
    }
    if (WorkTree* own = sink_.tree_at(path)) return conclude(repository(*own), false);
    WorkTree* tree = sink_.tree_around(folder_of(path));
    if (tree == nullptr) return outside(path);
    if (tree->is_ignored(path, true)) return;  // git has nothing of it, and nobody said what it is worth
    surveyed(tree->survey(path, survey_options()));
  }

  /// DIR/*: the entries of the folder that fit.
  void matching(const std::string& path) {
    const std::string pattern = name_of(path), folder_text = folder_of(path);
    if (folder_text.find_first_of("*?[") != std::string::npos) return;
    const auto info = probe_.lstat(folder_text);
    if (!info && !e_.privileged && probe_.is_absent(folder_text)) return facts_.losses.add(Loss::nothing);
    const auto real = probe_.real_path(folder_text);
    if (!real || pattern.find('[') != std::string::npos) return;
    WorkTree* tree = sink_.tree_around(*real);
    if (tree == nullptr) {
      if (pattern == "*" && e_.recursive) outside(*real);
      return;
    }
    // rm *.txt without -r: who names the kind of file means it, as one file that is named.
    if (!e_.recursive && pattern.find_first_not_of('*') != std::string::npos) return;
    surveyed(tree->survey(*real, survey_options(), [&](const Listing::Entry& entry) {
      if (entry.name.starts_with('.') && !pattern.starts_with('.')) return false;
      if (entry.info.kind == FileKind::directory && !e_.recursive) return false;
      return wildcard_match(pattern, entry.name);
    }));
  }

  void surveyed(const Survey& survey) {
    add_survey(facts_, survey);
    for (const std::string& mount : survey.mounts) mounted(mount);
    Known known{survey.whole, survey.ignored == 0, survey.unchanged + survey.rebuilt > 0};
    for (size_t i = 0; i < survey.repositories.size() && i < kMostRepositories; ++i)
      known.join(nested(survey.repositories[i]));
    known.whole = known.whole && survey.repositories.size() <= kMostRepositories;
    conclude(known, false);
  }

  /// What is known besides the losses that were found.
  struct Known {
    bool whole = true;       ///< looked at to the end
    bool accounted = true;   ///< nothing whose worth nobody can tell
    bool something = false;  ///< something is there
    void join(const Known& other) {
      whole = whole && other.whole;
      accounted = accounted && other.accounted;
      something = something || other.something;
    }
  };

  void conclude(const Known& known, bool at_least) {
    if (facts_.losses.any()) {
      if (!known.whole && !at_least) add_clause(facts_, "there may be more");
      return;
    }
    if (!known.whole) say_unfinished(facts_);
    if (!known.whole || !known.accounted) return;
    facts_.losses.add(known.something ? Loss::restorable : Loss::nothing);
  }

  Known nested(const std::string& path) {
    WorkTree* tree = sink_.tree_at(path);
    if (tree == nullptr) return {false, false, true};
    return repository(*tree);
  }

  /// A repository with all that is in it.
  Known repository(WorkTree& tree) {
    const Survey survey = tree.survey(tree.top(), survey_options());
    add_survey(facts_, survey);
    for (const std::string& mount : survey.mounts) mounted(mount);
    Known out{survey.whole && survey.repositories.empty(), survey.ignored == 0, true};
    if (!tree.holds_history()) return out;
    const auto staged = tree.has_staged();
    if (staged.value_or(false)) {
      facts_.losses.add(Loss::work);
      add_clause(facts_, "something is staged and not committed");
    }
    out.whole = out.whole && staged.has_value();
    out.join(history(tree));
    return out;
  }

  Known history(WorkTree& tree) {
    const repository::History history = tree.history();
    const std::string name = shortened(name_of(tree.top()));
    if (history.stashes > 0) {
      facts_.losses.add(Loss::commits);
      add_clause(facts_, counted(history.stashes, "stash", "stashes"));
    }
    if (history.has_commits && !history.has_remote) {
      facts_.losses.add(Loss::commits);
      add_clause(facts_, fmt::format("the repository {} has no remote", name));
    } else if (!history.branches.empty()) {
      facts_.losses.add(Loss::commits);
      add_clause(facts_, fmt::format("no remote is known to have what is on {} of {}",
                                     some_names(history.branches, history.branches.size()), name));
    }
    return {history.whole, true, true};
  }

  /// A folder no work tree holds: how much it is, and the repositories in it.
  void outside(const std::string& path) {
    const auto info = probe_.lstat(path);
    if (!info) return;
    Count count;
    count_in(probe_, path, info->device, 0, count);
    for (const std::string& mount : count.mounts) mounted(mount);
    Known known{count.whole && count.repositories.size() <= kMostRepositories, count.files == 0,
                count.files > 0 || !count.repositories.empty()};
    for (size_t i = 0; i < count.repositories.size() && i < kMostRepositories; ++i)
      known.join(nested(count.repositories[i]));
    const bool at_home = !home_.empty() && path.starts_with(home_ + '/');
    if (at_home && (count.files >= kManyFiles || count.bytes >= kLarge)) facts_.losses.add(Loss::much);
    if (count.files > 0)
      add_clause(facts_, fmt::format("{}{}, {}", count.whole ? "" : "at least ", counted(count.files, "file"),
                                     size_text(count.bytes)));
    conclude(known, !count.whole);
  }

  Effect& e_;
  Facts& facts_;
  const Sink& sink_;
  Probe& probe_;
  const std::string& home_;
};

/// Where a loss would matter and is not plain without looking.
bool worth_looking(PathClass c) {
  static constexpr PathClass kClasses[] = {
      PathClass::home_child, PathClass::project_root, PathClass::vcs_metadata, PathClass::project,
      PathClass::secret,     PathClass::mount_point,  PathClass::local,        PathClass::other};
  return std::find(std::begin(kClasses), std::end(kClasses), c) != std::end(kClasses);
}

/// Programs that leave files as they are, or only delete: nothing comes that was not there.
bool leaves_files(const Invocation& call) {
  static constexpr std::string_view kQuiet[] = {
      ":",     "[",       "[[",       "basename", "cat",     "cd",      "cmp",    "cut",    "date",   "df",
      "diff",  "dirname", "du",       "echo",     "env",     "exit",    "export", "false",  "file",   "find",
      "grep",  "head",    "hostname", "id",       "jq",      "ls",      "popd",   "printf", "ps",     "pushd",
      "pwd",   "read",    "realpath", "return",   "rg",      "rm",      "rmdir",  "set",    "shopt",  "sleep",
      "stat",  "tail",    "test",     "tr",       "true",    "type",    "uname",  "uniq",   "unlink", "wc",
      "which", "whoami",  "yes",      "local",    "declare", "command", "wait"};
  return among(kQuiet, call.program);
}

/// Of programs with verbs, those of which the same is true. git's `stash`, `reset` and `worktree` by their
/// words.
struct QuietVerbs {
  std::string_view program;
  std::string_view verbs;  ///< between blanks
};
constexpr QuietVerbs kQuietVerbs[] = {
    {"git",
     " blame branch check-ignore checkout clean describe diff fetch gc grep log ls-files ls-remote push "
     "remote "
     "restore rev-list rev-parse show status switch tag "},
    {"kubectl",
     " get describe logs delete apply rollout scale top explain version config drain cordon uncordon "},
    {"helm", " list ls status history get uninstall upgrade rollback search version "},
    {"docker",
     " ps images logs rm rmi stop inspect volume network system image container context info version "},
    {"terraform", " workspace show output validate version "},
};

bool leaves_files_by_verb(std::string_view verbs, const std::vector<Argument>& argv) {
  size_t at = 1;
  while (at < argv.size() && argv[at].value.prefix().starts_with('-')) {
    const std::string option = argv[at].value.prefix();
    at += option == "-C" || option == "-c" || option == "-n" || option == "-H" ? 2 : 1;
  }
  const auto word = [&](size_t i) {
    return i < argv.size() ? argv[i].value.with_holes_empty() : std::string();
  };
  const bool git = argv.front().value.with_holes_empty() == "git";
  static constexpr std::string_view kStash[] = {"list", "show", "drop", "clear"};
  if (git && word(at) == "stash") return among(kStash, word(at + 1));
  if (git && word(at) == "reset") return word(at + 1) == "--hard";
  if (git && word(at) == "worktree") return word(at + 1) == "list" || word(at + 1) == "remove";
  return !word(at).empty() && verbs.find(' ' + word(at) + ' ') != std::string_view::npos;
}

}  // namespace

repository::SurveyOptions survey_options() {
  repository::SurveyOptions out;
  out.is_rebuilt = effects::is_rebuilt;
  return out;
}

std::string counted(size_t count, std::string_view what, std::string_view plural) {
  if (count == 1) return fmt::format("1 {}", what);
  return plural.empty() ? fmt::format("{} {}s", count, what) : fmt::format("{} {}", count, plural);
}

std::string some_names(const std::vector<std::string>& names, size_t all) {
  constexpr size_t kMost = 3;
  std::string out;
  for (size_t i = 0; i < names.size() && i < kMost; ++i) out += (i > 0 ? ", " : "") + shortened(names[i]);
  return all > std::min(kMost, names.size()) ? out + " …" : out;
}

void add_clause(Facts& facts, std::string_view clause) {
  if (!facts.lost.empty()) facts.lost += "; ";
  facts.lost += clause;
}

void say_unfinished(Facts& facts) {
  if (facts.lost.empty()) add_clause(facts, "more than could be looked at");
}

void add_survey(Facts& facts, const Survey& survey) {
  const std::string_view least = survey.whole ? "" : "at least ";
  if (survey.untracked > 0) {
    facts.losses.add(Loss::work);
    add_clause(facts, fmt::format("{}{} git does not have: {}", least, counted(survey.untracked, "file"),
                                  some_names(survey.untracked_names, survey.untracked)));
  }
  if (survey.changed > 0) {
    facts.losses.add(Loss::work);
    add_clause(facts, fmt::format("{}{} changed: {}", least, survey.changed,
                                  some_names(survey.changed_names, survey.changed)));
  }
}

void weigh_loss(Effect& e, const Sink& sink) {
  const effects::Target& target = e.target;
  const std::string& path = target.text;
  if (sink.disk() == nullptr || !target.exact || target.elsewhere || !path.starts_with('/') ||
      !worth_looking(target.path_class) || path.find("/.git/") != std::string::npos)
    return;
  Weigher weigher(e, sink);
  if (e.kind == Kind::deletes && e.tag == "fs.delete") weigher.deletion();
  if (e.kind == Kind::overwrites && !target.glob && (e.tag == "fs.overwrite" || e.tag == "fs.truncate"))
    weigher.overwriting();
}

bool changes_files(const Invocation& call) {
  const auto* verbs = std::find_if(std::begin(kQuietVerbs), std::end(kQuietVerbs),
                                   [&](const QuietVerbs& q) { return q.program == call.program; });
  return verbs != std::end(kQuietVerbs) ? !leaves_files_by_verb(verbs->verbs, call.argv)
                                        : !leaves_files(call);
}

}  // namespace cmdai::commands
