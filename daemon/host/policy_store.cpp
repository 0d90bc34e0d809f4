#include "daemon/host/policy_store.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "daemon/host/files.hpp"
#include "libcore/audit/event.hpp"

namespace cmdai::host {
namespace {

using policy::Policy;
using policy::PolicySources;
using policy::SourceFile;

Result<std::optional<SourceFile>> read_optional(const std::string& path) {
  if (missing(path)) return std::optional<SourceFile>();
  Result<std::string> text = read_file(path);
  if (!text) return fail(std::move(text.error()));
  return std::optional<SourceFile>(SourceFile{path, std::move(*text)});
}

/// Rule packs of a directory, by name.
Result<std::vector<std::string>> packs_in(const std::string& directory) {
  std::vector<std::string> out;
  DIR* open = opendir(directory.c_str());
  if (open == nullptr && missing(directory)) return out;
  if (open == nullptr)
    return fail(file_problem(directory, fmt::format("cannot be read: {}", std::strerror(errno)),
                             "check owner and permissions"));
  while (const dirent* entry = readdir(open)) {
    const std::string name = entry->d_name;
    if (name.front() != '.' && name.ends_with(".toml")) out.push_back(directory + '/' + name);
  }
  closedir(open);
  std::sort(out.begin(), out.end());
  return out;
}

Result<void> read_packs(const Paths& paths, const std::vector<std::string>& named, PolicySources& into) {
  Result<std::vector<std::string>> found = packs_in(paths.rules());
  if (!found) return fail(std::move(found.error()));
  std::vector<std::string>& files = *found;
  for (const std::string& file : named)
    files.push_back(file.starts_with('/') ? file : paths.config + '/' + file);
  for (const std::string& file : files) {
    Result<std::string> text = read_file(file);
    if (!text) {
      text.error().message = "rule pack " + text.error().message;
      return fail(std::move(text.error()));
    }
    into.user_packs.push_back({file, std::move(*text)});
  }
  return {};
}

/// Two `cmdai allow` at once both find their entry in the list, and two changes of config.toml their backup.
/// Without a lock (a file system that has none) the later one wins, whole.
class ConfigLock {
 public:
  explicit ConfigLock(const Paths& paths)
      : directory_(open(paths.config.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    flock(directory_.get(), LOCK_EX);
  }

 private:
  Descriptor directory_;
};

std::string free_backup_name(const std::string& path) {
  for (size_t n = 1;; ++n) {
    std::string name = fmt::format("{}.bak-{}", path, n);
    struct stat info {};
    if (lstat(name.c_str(), &info) != 0) return name;
  }
}

/// Where a link leads: whoever keeps configurations elsewhere and links them here goes on doing so.
std::string behind_links(const std::string& path) {
  char* real = realpath(path.c_str(), nullptr);
  std::string out = real == nullptr ? path : real;
  std::free(real);
  return out;
}

}  // namespace

Result<PolicySources> read_sources(const Paths& paths) {
  Result<std::optional<SourceFile>> settings = read_optional(paths.settings());
  if (!settings) return fail(std::move(settings.error()));
  return read_sources_with(paths, std::move(*settings));
}

Result<PolicySources> read_sources_with(const Paths& paths, std::optional<SourceFile> settings) {
  PolicySources out;
  out.settings = std::move(settings);
  Result<std::optional<SourceFile>> allow = read_optional(paths.allow_list());
  if (!allow) return fail(std::move(allow.error()));
  out.allow_list = std::move(*allow);
  std::vector<std::string> named;
  if (out.settings) {
    Result<policy::Settings> parsed = policy::parse_settings(*out.settings);
    if (!parsed) return fail(std::move(parsed.error()));
    named = std::move(parsed->rule_files);
  }
  if (auto read = read_packs(paths, named, out); !read) return fail(std::move(read.error()));
  return out;
}

PolicyStore::PolicyStore(Paths paths) : paths_(std::move(paths)), trust_(paths_.trusted()) {
  if (reload()) return;
  auto builtin = Policy::compile({});
  if (builtin) policy_ = std::move(*builtin);
}

Result<void> PolicyStore::reload() {
  projects_.clear();
  const auto refuse = [this](Diagnostic why) {
    error_ = why;
    return fail(std::move(why));
  };
  Result<PolicySources> sources = read_sources(paths_);
  if (!sources) return refuse(std::move(sources.error()));
  sources->organization = sources_.organization;
  sources->organization_packs = sources_.organization_packs;
  sources->organization_groups = sources_.organization_groups;
  auto compiled = Policy::compile(*sources);
  if (!compiled) return refuse(std::move(compiled.error()));
  if (auto trust = trust_.load(); !trust) return refuse(std::move(trust.error()));
  sources_ = std::move(*sources);
  policy_ = std::move(*compiled);
  error_.reset();
  return {};
}

Result<void> PolicyStore::set_organization(Organization organization) {
  PolicySources sources = sources_;
  sources.organization = std::move(organization.settings);
  sources.organization_packs = std::move(organization.packs);
  sources.organization_groups = std::move(organization.groups);
  auto compiled = Policy::compile(sources);
  if (!compiled) return fail(std::move(compiled.error()));
  sources_ = std::move(sources);
  policy_ = std::move(*compiled);
  projects_.clear();
  return {};
}

const PolicyStore::Project* PolicyStore::project_for(const std::string& directory) {
  const std::string file = find_project_file(directory, paths_.home);
  if (file.empty()) return nullptr;
  const Result<std::string> text = read_file(file, size_t{1} << 20U);
  const std::string fingerprint = policy_->fingerprint() + (text ? audit::hash_line(*text) : "unreadable");
  Project& project = projects_[file];
  if (project.fingerprint == fingerprint) return &project;
  project = Project{};
  project.fingerprint = fingerprint;
  if (!text) {
    project.notice = text.error();
  } else if (!trust_.trusts(file, *text)) {
    project.notice =
        file_problem(file, "this project has rules of its own, which are not trusted and do not count",
                     "read the file, then `cmdai policy trust`");
  } else {
    PolicySources sources = sources_;
    sources.project = SourceFile{file, *text};
    auto compiled = Policy::compile(sources);
    if (compiled)
      project.policy = std::move(*compiled);
    else
      project.notice = std::move(compiled.error());
  }
  return &project;
}

std::shared_ptr<const Policy> PolicyStore::policy_for(const std::string& directory) {
  if (trust_.empty()) return policy_;  // no project file counts: none is looked for
  const Project* project = project_for(directory);
  return project != nullptr && project->policy != nullptr ? project->policy : policy_;
}

std::optional<Diagnostic> PolicyStore::project_notice(const std::string& directory) {
  const Project* project = project_for(directory);
  return project == nullptr ? std::nullopt : project->notice;
}

std::vector<std::string> PolicyStore::watched() const {
  std::vector<std::string> out{paths_.config, paths_.rules()};
  for (const std::string& file : policy_->settings().rule_files) {
    const std::string path = file.starts_with('/') ? file : paths_.config + '/' + file;
    out.push_back(path.substr(0, path.rfind('/')));
  }
  return out;
}

Result<std::optional<std::string>> read_settings_text(const Paths& paths) {
  Result<std::optional<SourceFile>> file = read_optional(paths.settings());
  if (!file) return fail(std::move(file.error()));
  std::optional<std::string> text;
  if (std::optional<SourceFile>& read = *file; read) text = std::move(read->text);
  return text;
}

Result<std::string> replace_settings(const Paths& paths, const std::optional<std::string>& before,
                                     const std::string& text) {
  if (auto made = make_directories(paths.config); !made) return fail(std::move(made.error()));
  const ConfigLock lock(paths);
  const Result<std::optional<std::string>> now = read_settings_text(paths);
  if (!now) return fail(now.error());
  if (*now != before)
    return fail(file_problem(paths.settings(), "was changed meanwhile: nothing was written",
                             "look at the difference again"));
  std::string backup;
  if (before) {
    backup = free_backup_name(paths.settings());
    if (auto kept = write_file(backup, *before); !kept) return fail(std::move(kept.error()));
  }
  if (auto written = write_file(behind_links(paths.settings()), text); !written) {
    if (!backup.empty()) unlink(backup.c_str());
    return fail(std::move(written.error()));
  }
  return backup;
}

Result<void> append_allow_entry(const Paths& paths, const policy::AllowEntry& entry) {
  const std::optional<std::string> toml = policy::to_toml(entry);
  if (!toml)
    return fail(file_problem(paths.allow_list(),
                             "the command is not valid UTF-8 and cannot be written into a configuration",
                             "allow it once with its code"));
  if (auto made = make_directories(paths.config); !made) return made;
  const ConfigLock lock(paths);
  std::string text = "# Written by `cmdai allow`; may be edited.\n";
  if (!missing(paths.allow_list())) {
    Result<std::string> old = read_file(paths.allow_list());
    if (!old) return fail(std::move(old.error()));
    if (auto valid = policy::parse_allow_list({paths.allow_list(), *old}); !valid)
      return fail(std::move(valid.error()));
    text = std::move(*old);
  }
  if (!text.empty() && text.back() != '\n') text += '\n';
  text += '\n' + *toml;
  if (auto valid = policy::parse_allow_list({paths.allow_list(), text}); !valid)
    return fail(std::move(valid.error()));
  return write_file(paths.allow_list(), text);
}

Result<void> put_allow_entry(const Paths& paths, const policy::AllowEntry& entry) {
  if (const auto toml = policy::to_toml(entry)) {
    const auto read = policy::parse_allow_list({paths.allow_list(), *toml});
    if (!read) return fail(read.error());
    for (const policy::AllowEntry& same : *read)
      if (auto removed = remove_allow_entry(paths, same.id); !removed)
        return fail(std::move(removed.error()));
  }
  return append_allow_entry(paths, entry);
}

Result<size_t> remove_allow_entry(const Paths& paths, const std::string& id) {
  if (missing(paths.allow_list())) return size_t{0};
  const ConfigLock lock(paths);
  Result<std::string> text = read_file(paths.allow_list());
  if (!text) return fail(std::move(text.error()));
  auto entries = policy::parse_allow_list({paths.allow_list(), *text});
  if (!entries) return fail(std::move(entries.error()));
  std::string kept = "# Written by `cmdai allow`; may be edited.\n";
  size_t removed = 0;
  for (const policy::AllowEntry& entry : *entries) {
    if (entry.id == id)
      ++removed;
    else
      kept += '\n' + policy::to_toml(entry).value_or("");
  }
  if (removed == 0) return removed;
  if (auto written = write_file(paths.allow_list(), kept); !written) return fail(std::move(written.error()));
  return removed;
}

}  // namespace cmdai::host
