#include "libcore/repository/work_tree.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/repository/objects.hpp"

namespace cmdai::repository {
namespace {

constexpr size_t kLargestIndex = 32U << 20, kLargestText = 256 * 1024, kLargestPointer = 4096;
constexpr uint64_t kMostMatched = 5'000'000;  // steps of matching patterns: some ten milliseconds
constexpr size_t kMostHashed = 4U << 20;      // bytes read where the dates alone do not tell
constexpr size_t kMostNames = 3;
constexpr int kHighest = 32, kDeepest = 48;

// Of an index entry's mode.
constexpr uint32_t kType = 0170000, kRegular = 0100000, kSymlink = 0120000, kGitlink = 0160000;

std::string parent(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string joined(std::string_view folder, std::string_view name) {
  if (name.starts_with('/') || folder.empty()) return std::string(name);
  std::string out(folder);
  if (!out.ends_with('/')) out += '/';
  return out.append(name);
}

/// `gitdir: X` of a .git file, `X` of a commondir file.
std::optional<std::string> pointer(Probe& probe, const std::string& file, std::string_view before) {
  const auto text = probe.read_file(file, kLargestPointer);
  if (!text || !text->starts_with(before)) return std::nullopt;
  const std::string_view target = trimmed(std::string_view(*text).substr(before.size()), " \t\r\n");
  if (target.empty()) return std::nullopt;
  return probe.real_path(joined(parent(file), target));
}

void note(std::vector<std::string>& names, std::string_view name) {
  if (names.size() < kMostNames) names.emplace_back(name);
}

}  // namespace

std::optional<WorkTree> WorkTree::at(Probe& probe, const std::string& folder, const std::string& home) {
  const std::string mark = joined(folder, ".git");
  const auto found = probe.lstat(mark);
  if (!found) return std::nullopt;
  WorkTree out(probe, home);
  out.top_ = folder;
  if (found->kind == FileKind::directory) {
    out.git_folder_ = mark;
  } else if (const auto target = pointer(probe, mark, "gitdir:")) {
    out.git_folder_ = *target;
  } else {
    return std::nullopt;
  }
  if (!probe.lstat(out.git_folder_ + "/HEAD")) return std::nullopt;
  out.common_ = pointer(probe, out.git_folder_ + "/commondir", "").value_or(out.git_folder_);
  out.configs_ = out.read_configs();
  // What lies elsewhere than beside its .git, and what has no files at all, is none we can speak of.
  if (out.setting("core", "worktree") || config_says(out.configs_.back(), "core", "bare", false)) {
    const auto where = out.setting("core", "worktree");
    const bool same = where && probe.real_path(joined(out.git_folder_, *where)) == folder;
    if (!same) return std::nullopt;
  }
  return out;
}

std::optional<std::string> WorkTree::top_around(Probe& probe, const std::string& path) {
  std::string folder = path;
  for (int i = 0; i < kHighest; ++i) {
    if (probe.lstat(joined(folder, ".git"))) return folder;
    if (folder.size() < 2) break;
    folder = parent(folder);
  }
  return std::nullopt;
}

std::optional<WorkTree> WorkTree::around(Probe& probe, const std::string& path, const std::string& home) {
  const auto top = top_around(probe, path);
  return top ? at(probe, *top, home) : std::nullopt;
}

bool WorkTree::contains(std::string_view path) const {
  return top_ == "/" || path == top_ || (path.starts_with(top_) && path[top_.size()] == '/');
}

std::string WorkTree::below_top(std::string_view path) const {
  return path.size() <= top_.size() ? "" : std::string(path.substr(top_ == "/" ? 1 : top_.size() + 1));
}

std::vector<std::vector<ConfigEntry>> WorkTree::read_configs() {
  std::vector<std::vector<ConfigEntry>> out;
  std::vector<std::string> files{"/etc/gitconfig"};
  if (!home_.empty()) {
    files.push_back(home_ + "/.config/git/config");
    files.push_back(home_ + "/.gitconfig");
  }
  files.push_back(common_ + "/config");
  for (const std::string& file : files)
    out.push_back(read_config(probe_->read_file(file, kLargestText).value_or("")));
  return out;
}

std::optional<std::string> WorkTree::setting(std::string_view section, std::string_view key) const {
  for (auto config = configs_.rbegin(); config != configs_.rend(); ++config)
    if (auto value = config_value(*config, section, key)) return value;
  return std::nullopt;
}

/// One that is there but cannot be read makes everything it might speak of doubtful.
IgnoreFile WorkTree::read_ignore(const std::string& path) {
  const auto text = probe_->read_file(path, kLargestText);
  unread_ = unread_ || (!text && !probe_->is_absent(path));
  return IgnoreFile(text.value_or(""), any_case_);
}

void WorkTree::load_excludes() {
  excludes_.push_back(read_ignore(common_ + "/info/exclude"));
  std::string own = setting("core", "excludesfile").value_or(home_.empty() ? "" : "~/.config/git/ignore");
  if (own.starts_with("~/")) own = home_ + own.substr(1);
  if (own.starts_with('/')) excludes_.push_back(read_ignore(own));
}

void WorkTree::load() {
  if (loaded_) return;
  loaded_ = true;
  const std::vector<ConfigEntry>& own = configs_.back();
  any_case_ = config_says(own, "core", "ignorecase", false);
  file_modes_ = config_says(own, "core", "filemode", true);
  change_time_ = setting("core", "trustctime").value_or("true") != "false";
  load_excludes();
  const std::string path = git_folder_ + "/index";
  constexpr size_t kSha1 = 20, kSha256 = 32;
  const bool sha256 = config_value(own, "extensions", "objectformat") == "sha256";
  const auto info = probe_->lstat(path);
  if (!info) {
    if (probe_->is_absent(path)) index_.emplace();  // nothing was ever added
    return;
  }
  auto bytes = probe_->read_file(path, kLargestIndex);
  if (!bytes) return;
  index_written_ = info->modified;
  index_ = Index::read(std::move(*bytes), sha256 ? kSha256 : kSha1);
}

bool WorkTree::is_known() {
  load();
  return index_.has_value();
}

std::vector<WorkTree::Level> WorkTree::levels_for(std::string_view folder) {
  std::vector<Level> out;
  for (size_t end = 0;;) {
    const std::string here(folder.substr(0, end));
    out.push_back({here, read_ignore(joined(joined(top_, here), ".gitignore"))});
    if (end == folder.size() || out.size() > static_cast<size_t>(kDeepest)) return out;
    end = std::min(folder.find('/', end + 1), folder.size());
  }
}

/// The innermost .gitignore that has something to say, then the repository's, then the user's own.
std::optional<bool> WorkTree::asked(const std::vector<Level>& levels, std::string_view path,
                                    bool directory) const {
  for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
    if (level->file.empty()) continue;
    const bool top = level->folder.empty();
    if (!top && !(path.starts_with(level->folder) && path.size() > level->folder.size() &&
                  path[level->folder.size()] == '/'))
      continue;
    const std::string_view rest = top ? path : path.substr(level->folder.size() + 1);
    if (const auto said = level->file.ignores(rest, directory, matched_)) return said;
  }
  for (const IgnoreFile& file : excludes_)
    if (const auto said = file.ignores(path, directory, matched_)) return said;
  return std::nullopt;
}

/// What lies in a folder that is ignored is, whatever is said of it.
bool WorkTree::ignored_on_the_way(const std::vector<Level>& levels, std::string_view path,
                                  bool directory) const {
  for (size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    if (asked(levels, path.substr(0, slash), true).value_or(false)) return true;
  return asked(levels, path, directory).value_or(false);
}

bool WorkTree::has(const std::string& path) {
  load();
  const std::string rest = below_top(path);
  return index_ && (index_->find(rest) != nullptr || index_->has_below(rest));
}

bool WorkTree::is_ignored(const std::string& path, bool directory) {
  load();
  const std::string rest = below_top(path);
  if (rest.empty()) return false;
  const size_t slash = rest.rfind('/');
  return ignored_on_the_way(levels_for(rest.substr(0, slash == std::string::npos ? 0 : slash)), rest,
                            directory);
}

std::optional<std::string> WorkTree::blob_on_disk(const std::string& path, const FileInfo& info) {
  if (info.kind == FileKind::symlink) {
    const auto target = probe_->read_link(path);
    return target ? std::optional(blob_hash(*target)) : std::nullopt;
  }
  if (info.size > kMostHashed - hashed_) return std::nullopt;
  const auto text = probe_->read_file(path, kMostHashed - hashed_);
  if (!text) return std::nullopt;
  hashed_ += text->size();
  return blob_hash(*text);
}

/// As git's ie_match_stat(): dates and sizes as they were when git looked last. Where they differ, or a
/// change within the tick of the clock would not show ("racy git"), the content decides.
std::optional<bool> WorkTree::is_unchanged(const IndexEntry& e, const std::string& path,
                                           const FileInfo& info) {
  if (e.stage != 0 || e.intent_to_add) return false;
  const uint32_t type = e.mode & kType;
  if (type == kGitlink) return info.kind == FileKind::directory;
  if (type == kSymlink ? info.kind != FileKind::symlink : info.kind != FileKind::regular) return false;
  constexpr uint32_t kOwnerRuns = 0100;
  if (type == kRegular && file_modes_ && ((e.mode ^ info.mode) & kOwnerRuns) != 0) return false;
  if (e.size != 0 && e.size != static_cast<uint32_t>(info.size)) return false;
  constexpr int64_t kSecond = 1'000'000'000;
  const auto is = [](int64_t time, uint32_t seconds, uint32_t nanoseconds) {
    return static_cast<uint32_t>(time / kSecond) == seconds &&
           (nanoseconds == 0 || static_cast<uint32_t>(time % kSecond) == nanoseconds);
  };
  const bool same = is(info.modified, e.modified_seconds, e.modified_nanoseconds) &&
                    (!change_time_ || is(info.changed, e.changed_seconds, e.changed_nanoseconds)) &&
                    e.inode == static_cast<uint32_t>(info.inode) && e.uid == info.uid && e.gid == info.gid &&
                    e.size == static_cast<uint32_t>(info.size);
  const int64_t resolution = e.modified_nanoseconds == 0 ? kSecond : 1;
  const bool racy = info.modified / resolution >= index_written_ / resolution;
  if (same && !racy) return true;
  const auto blob = blob_on_disk(path, info);
  if (!blob || blob->size() != e.hash.size()) return std::nullopt;
  return *blob == e.hash;
}

std::optional<FileState> WorkTree::state_of(const std::string& path, const SurveyOptions& options) {
  load();
  if (!index_) return std::nullopt;
  const std::string rest = below_top(path);
  const IndexEntry* entry = index_->find(rest);
  const auto info = probe_->lstat(path);
  if (!info && !probe_->is_absent(path)) return std::nullopt;
  if (entry != nullptr) {
    if (!info) return FileState::deleted;
    const auto unchanged = is_unchanged(*entry, path, *info);
    if (!unchanged) return std::nullopt;
    return *unchanged ? FileState::unchanged : FileState::changed;
  }
  for (size_t at = 0; at <= rest.size();) {
    const size_t end = std::min(rest.find('/', at), rest.size());
    if (options.is_rebuilt(std::string_view(rest).substr(at, end - at))) return FileState::rebuilt;
    at = end + 1;
  }
  const bool ignored = is_ignored(path, info && info->kind == FileKind::directory);
  if (unread_) return std::nullopt;
  return ignored ? FileState::ignored : FileState::untracked;
}

/// One survey on its way.
class WorkTree::Walk {
 public:
  Walk(WorkTree& tree, const Index& index, const SurveyOptions& options)
      : tree_(tree), options_(options), index_(index), seen_(options.visit ? index.entries().size() : 0) {}

  Survey run(const std::string& folder, const std::function<bool(const Listing::Entry&)>& wanted) {
    const std::string rest = tree_.below_top(folder);
    const size_t slash = rest.rfind('/');
    levels_ = tree_.levels_for(rest.substr(0, slash == std::string::npos ? 0 : slash));
    if (rest.empty()) levels_.clear();  // its own is read on the way
    Where here;
    here.ignored = !rest.empty() && tree_.ignored_on_the_way(levels_, rest, true);
    const auto info = tree_.probe_->lstat(folder);
    here.device = info ? info->device : 0;
    wanted_ = wanted ? &wanted : nullptr;
    enter(rest, folder, here);
    if (options_.visit) count_deleted(rest);
    return std::move(out_);
  }

 private:
  struct Where {
    uint64_t device = 0;
    int depth = 0;
    bool ignored = false, rebuilt = false;
  };

  void count(std::string_view path, FileState state) {
    switch (state) {
      case FileState::unchanged: ++out_.unchanged; break;
      case FileState::changed: ++out_.changed, note(out_.changed_names, path); break;
      case FileState::deleted: ++out_.deleted; break;
      case FileState::untracked: ++out_.untracked, note(out_.untracked_names, path); break;
      case FileState::ignored: ++out_.ignored, note(out_.ignored_names, path); break;
      case FileState::rebuilt: ++out_.rebuilt; break;
    }
    if (options_.visit) options_.visit(path, state);
  }

  void enter(const std::string& rest, const std::string& folder, const Where& here) {
    if (out_.files + folders_ >= options_.most || here.depth == kDeepest) {
      out_.whole = false;
      return;
    }
    const auto found = tree_.probe_->scan(folder, options_.most - out_.files - folders_);
    if (!found) {
      out_.whole = false;
      return;
    }
    out_.whole = out_.whole && found->whole;
    const auto named = [&](std::string_view name) {
      return std::any_of(found->entries.begin(), found->entries.end(),
                         [name](const Listing::Entry& e) { return e.name == name; });
    };
    if (!rest.empty() && named(".git")) {
      out_.repositories.push_back(folder);
      return;
    }
    const bool has_ignores = named(".gitignore");
    if (has_ignores) levels_.push_back({rest, tree_.read_ignore(joined(folder, ".gitignore"))});
    for (const Listing::Entry& entry : found->entries) {
      if (entry.name == ".git") continue;
      if (here.depth == 0 && wanted_ != nullptr && !(*wanted_)(entry)) continue;
      judge(rest.empty() ? entry.name : rest + '/' + entry.name, joined(folder, entry.name), entry, here);
    }
    if (has_ignores) levels_.pop_back();
  }

  void judge(const std::string& rest, const std::string& path, const Listing::Entry& entry,
             const Where& here) {
    if (tree_.matched_ > kMostMatched || tree_.unread_) {
      out_.whole = false;
      return;
    }
    const bool directory = entry.info.kind == FileKind::directory;
    const IndexEntry* known = index_.find(rest);
    const bool link = known != nullptr && (known->mode & kType) == kGitlink;
    if (known != nullptr) see(known);
    if (known == nullptr || (directory && !link)) return judge_unknown(rest, path, entry, here);
    if (directory) return enter(rest, path, {entry.info.device, here.depth + 1, false, false});
    ++out_.files;
    out_.bytes += entry.info.size;
    const auto unchanged = tree_.is_unchanged(*known, path, entry.info);
    if (!unchanged) {
      out_.whole = false;
      return;
    }
    count(rest, *unchanged ? FileState::unchanged : FileState::changed);
  }

  void judge_unknown(const std::string& rest, const std::string& path, const Listing::Entry& entry,
                     const Where& here) {
    const bool directory = entry.info.kind == FileKind::directory;
    Where there = here;
    ++there.depth;
    there.ignored = here.ignored || tree_.asked(levels_, rest, directory).value_or(false);
    there.rebuilt = here.rebuilt || options_.is_rebuilt(entry.name);
    if (!directory) {
      ++out_.files;
      out_.bytes += entry.info.size;
      return count(rest, there.rebuilt   ? FileState::rebuilt
                         : there.ignored ? FileState::ignored
                                         : FileState::untracked);
    }
    ++folders_;
    if (here.device != entry.info.device) return out_.mounts.push_back(path);
    const bool tracked = index_.has_below(rest);
    if (!tracked && options_.tracked_folders) return;
    if (tracked || options_.visit || !(there.ignored || there.rebuilt)) return enter(rest, path, there);
    count(rest, there.rebuilt ? FileState::rebuilt : FileState::ignored);  // as a whole
  }

  void see(const IndexEntry* entry) {
    if (!seen_.empty()) seen_[static_cast<size_t>(entry - index_.entries().data())] = true;
  }

  void count_deleted(const std::string& rest) {
    for (size_t i = index_.first_below(rest); i < index_.entries().size(); ++i) {
      const IndexEntry& e = index_.entries()[i];
      if (!rest.empty() && !e.path.starts_with(rest + '/')) break;
      const bool another = i > 0 && index_.entries()[i - 1].path == e.path;  // side of the same conflict
      if (!seen_[i] && !another && !e.skip_worktree && (e.mode & kType) != kGitlink)
        count(e.path, FileState::deleted);
    }
  }

  WorkTree& tree_;
  const SurveyOptions& options_;
  const Index& index_;
  std::vector<bool> seen_;
  std::vector<Level> levels_;
  const std::function<bool(const Listing::Entry&)>* wanted_ = nullptr;
  size_t folders_ = 0;
  Survey out_;
};

Survey WorkTree::survey(const std::string& folder, const SurveyOptions& options,
                        const std::function<bool(const Listing::Entry&)>& wanted) {
  load();
  if (index_) return Walk(*this, *index_, options).run(folder, wanted);
  Survey unknown;
  unknown.whole = false;
  return unknown;
}

std::optional<bool> WorkTree::has_staged() {
  load();
  if (!index_ || !refs().whole()) return std::nullopt;
  const std::string head = refs().head_hash();
  if (head.empty())
    return std::any_of(index_->entries().begin(), index_->entries().end(),
                       [](const IndexEntry& e) { return !e.intent_to_add; });
  if (index_->root_tree().empty()) return std::nullopt;
  const std::string tree = tree_of_commit(*probe_, common_ + "/objects", head);
  if (tree.empty()) return std::nullopt;
  return tree != index_->root_tree();
}

const Refs& WorkTree::refs() {
  if (!refs_) refs_ = Refs::read(*probe_, common_, git_folder_);
  return *refs_;
}

std::optional<std::string> WorkTree::upstream_of(std::string_view branch) const {
  constexpr std::string_view kBranches = "refs/heads/";
  for (const ConfigEntry& e : configs_.back())
    if (e.section == "branch" && e.name == branch && e.key == "merge")
      return e.value.starts_with(kBranches) ? e.value.substr(kBranches.size()) : e.value;
  return std::nullopt;
}

History WorkTree::history() {
  History out;
  const Refs& all = refs();
  out.whole = all.whole();
  out.stashes = all.stashes();
  for (const auto& config : configs_)
    out.has_remote |= std::any_of(config.begin(), config.end(), [](const ConfigEntry& e) {
      return e.section == "remote" && e.key == "url" && !e.name.empty();
    });
  constexpr std::string_view kBranches = "refs/heads/", kRemotes = "refs/remotes/";
  for (const auto& [name, hash] : all.below(kBranches)) {
    out.has_commits = true;
    if (!all.anyone_has(hash, kRemotes)) out.branches.push_back(name.substr(kBranches.size()));
  }
  const std::string head = all.head_hash();
  if (all.head().empty() && !head.empty() && !all.anyone_has(head, kRemotes) &&
      !all.anyone_has(head, kBranches))
    out.branches.emplace_back("HEAD");
  return out;
}

}  // namespace cmdai::repository
