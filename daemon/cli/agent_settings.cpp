#include "daemon/cli/agent_settings.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "daemon/cli/hook_scripts.hpp"
#include "daemon/cli/judge.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/hook_record.hpp"
#include "daemon/host/paths.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "shell-hooks/agents/settings/hook_entry.hpp"

namespace cmdai::cli {
namespace {

using agents::Form;
using agents::HookFile;
using host::HookRecord;

constexpr int kMostTries = 5;

/// Where a path leads: settings often are links into a folder of dotfiles, and stay such.
Result<std::string> behind_links(const std::string& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0 || !S_ISLNK(info.st_mode)) return path;
  char* real = realpath(path.c_str(), nullptr);
  if (real == nullptr)
    return fail(host::file_problem(path, "is a link that leads nowhere",
                                   "make what it leads to, or remove the link"));
  std::string out = real;
  std::free(real);
  return out;
}

Result<std::optional<std::string>> read_if_there(const std::string& path) {
  if (host::missing(path)) return std::optional<std::string>();
  auto text = host::read_file(path);
  if (!text) return fail(text.error());
  return std::optional<std::string>(std::move(*text));
}

std::string free_backup_name(const std::string& path) {
  std::string name = path + ".before-cmdai";
  for (int i = 2; host::exists(name); ++i) name = fmt::format("{}.before-cmdai-{}", path, i);
  return name;
}

/// The topmost folder above `path` that is not there; empty: all are.
std::string first_missing_folder(const std::string& path) {
  std::string out;
  for (std::string folder = ipc::directory_of(path); folder.size() > 1 && host::missing(folder);
       folder = ipc::directory_of(folder))
    out = folder;
  return out;
}

/// The list of what was written. Below a `--root` it is as the machine will see it that gets these files.
class Records {
 public:
  static Result<Records> read(const HookSite& site) {
    auto list = host::read_hook_record(site.record);
    if (!list) return fail(list.error());
    Records out;
    out.file_ = site.record;
    out.root_ = site.places.root;
    out.list_ = std::move(*list);
    for (HookRecord& r : out.list_)
      for (std::string* path : {&r.path, &r.backup, &r.made})
        if (!path->empty()) path->insert(0, out.root_);
    return out;
  }
  HookRecord* find(const HookFile& file) {
    const auto it = std::find_if(list_.begin(), list_.end(), [&](const HookRecord& r) {
      return r.path == file.path && r.form == agents::to_string(file.form);
    });
    return it == list_.end() ? nullptr : &*it;
  }
  void put(HookRecord record) {
    std::erase_if(list_, [&](const HookRecord& r) { return r.path == record.path && r.form == record.form; });
    list_.push_back(std::move(record));
  }
  void drop(const HookFile& file) {
    std::erase_if(list_, [&](const HookRecord& r) {
      return r.path == file.path && r.form == agents::to_string(file.form);
    });
  }
  Result<void> write(bool system) const {
    std::vector<HookRecord> list = list_;
    for (HookRecord& r : list)
      for (std::string* path : {&r.path, &r.backup, &r.made})
        if (path->starts_with(root_)) path->erase(0, root_.size());
    if (auto made = host::make_directories(ipc::directory_of(file_), system ? 0755 : 0700); !made)
      return made;
    return host::write_hook_record(file_, list, system ? 0644 : 0600);
  }

 private:
  std::string file_, root_;
  std::vector<HookRecord> list_;
};

/// Our text must be read back as a hook that counts, before anybody else reads it.
Result<void> verified(const HookFile& file, const std::string& text, const std::string& program) {
  if (file.form == Form::copilot_sandbox || file.form == Form::opencode_config) return {};
  const agents::Look seen = agents::look(file, text, program, [](const std::string&) { return true; });
  if (seen.state == agents::State::live || seen.state == agents::State::disabled) return {};
  return fail(host::file_problem(file.path, fmt::format("the hook would not be found again ({})", seen.why),
                                 "nothing was changed; please report this file"));
}

/// Modes and owner stay what they were; a new file is private, or for all to read when it is the machine's.
mode_t mode_for(const std::string& path, bool system) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return info.st_mode & 07777U;
  return system ? 0644 : 0600;
}

struct Owner {
  uid_t user = static_cast<uid_t>(-1);
  gid_t group = static_cast<gid_t>(-1);
};
Owner owner_of(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return {};
  return {info.st_uid, info.st_gid};
}

/// Replaces the text if it is still `before`; false: somebody else wrote meanwhile.
Result<bool> put_text(const std::string& path, const std::optional<std::string>& before,
                      const std::string& after, bool system) {
  const mode_t mode = mode_for(path, system);
  const Owner owner = owner_of(path);
  auto done = host::replace_file(path, before, after, mode);
  if (!done || !*done) return done;
  chmod(path.c_str(), mode);  // whatever the umask
  if (owner.user != static_cast<uid_t>(-1) && geteuid() == 0 &&
      chown(path.c_str(), owner.user, owner.group) != 0)
    return fail(host::file_problem(path, "its owner could not be kept", "chown it"));
  return true;
}

HookRecord new_record(const HookFile& file, const std::optional<std::string>& before,
                      const std::string& after) {
  HookRecord out;
  out.agent = file.agent;
  out.level = agents::to_string(file.level);
  out.form = agents::to_string(file.form);
  out.path = file.path;
  out.written = host::text_hash(after);
  if (before) out.before = host::text_hash(*before);
  return out;
}

/// What the list says of a file after it was written: where our earlier text still stood, what was there
/// before that; else the file has been worked in, and ours will be cut out of it.
HookRecord updated_record(const HookRecord* known, const HookFile& file, const HookChange& change) {
  HookRecord out = new_record(file, change.before, change.after.value_or(""));
  if (known == nullptr) return out;
  out.made = known->made;
  if (change.before && host::text_hash(*change.before) == known->written) {
    out.before = known->before;
    out.backup = known->backup;
  }
  return out;
}

Result<HookChange> planned(const HookFile& file, const std::string& real, const HookSite& site) {
  auto before = read_if_there(real);
  if (!before) return fail(before.error());
  auto after = agents::with_hook(file, *before, site.program, site.places);
  if (!after) return fail(after.error());
  HookChange out{std::move(*before), std::move(*after), {}, false};
  if (out.after)
    if (auto fine = verified(file, *out.after, site.program); !fine) return fail(fine.error());
  return out;
}

/// Removes what we made for a file: itself and the folders that are empty now.
Result<void> remove_made(const std::string& path, const std::string& made) {
  if (unlink(path.c_str()) != 0)
    return fail(host::file_problem(path, "cannot be removed", "check owner and permissions of its folder"));
  for (std::string folder = ipc::directory_of(path); !made.empty() && folder.starts_with(made);
       folder = ipc::directory_of(folder))
    if (rmdir(folder.c_str()) != 0) break;
  return {};
}

/// What the file will be without us.
Result<HookChange> planned_removal(const HookFile& file, const std::string& real, const HookRecord* known,
                                   const HookSite& site) {
  auto before = read_if_there(real);
  if (!before) return fail(before.error());
  HookChange out{std::move(*before), std::nullopt, {}, false};
  if (!out.before) return out;
  if (known != nullptr && host::text_hash(*out.before) == known->written) {
    out.restored = true;
    if (known->before.empty()) return out;  // there was no file
    const auto kept =
        known->backup.empty() ? Result<std::string>(std::string()) : host::read_file(known->backup);
    if (!known->backup.empty() && kept && host::text_hash(*kept) == known->before) {
      out.after = *kept;
      out.backup = known->backup;
      return out;
    }
    out.restored = false;
  }
  auto after = agents::without_hook(file, *out.before, site.places);
  if (!after) return fail(after.error());
  out.after = std::move(*after);
  if (known != nullptr) out.backup = known->backup;
  return out;
}

/// False: somebody else wrote meanwhile.
Result<bool> take_out(HookChange& change, const std::string& real, const std::string& made, bool system) {
  if (!change.changed()) return true;
  if (!change.after) {
    if (auto done = remove_made(real, made); !done) return fail(done.error());
    return true;
  }
  auto done = put_text(real, change.before, *change.after, system);
  if (done && *done && change.restored && unlink(change.backup.c_str()) == 0) change.backup.clear();
  return done;
}

/// The small program that only asks, where it is installed; ours does the same, and takes longer to start.
std::string hook_program() {
  const std::string small = agent_hook_path();
  return small.empty() ? own_path() : small;
}

}  // namespace

Result<HookSite> hook_site(bool system, const std::string& root, const std::string& program) {
  HookSite out;
  const host::Paths paths = host::paths_from_environment();
  const auto socket = ipc::socket_path();
  if (!socket) return fail(socket.error());
  out.places = agents::places_from_environment(paths.home, working_directory(), *socket, root);
  out.places.fallback = own_path();
  out.program = program.empty() ? hook_program() : program;
  out.system = system;
  out.record = system ? out.places.root + host::kSystemHookRecord : host::hook_record_path(paths.state);
  if (!agents::can_be_called(out.program)) {
    Diagnostic d;
    d.message = fmt::format("`{}` cannot stand in an agent's settings", out.program);
    d.hint = "give the absolute path of cmdai, without quotes, `$` or line ends in it";
    return fail(std::move(d));
  }
  return out;
}

Result<HookChange> put_hook(const HookFile& file, const HookSite& site) {
  const auto real = behind_links(file.path);
  if (!real) return fail(real.error());
  auto records = Records::read(site);
  if (!records) return fail(records.error());
  for (int tries = 0; tries < kMostTries; ++tries) {
    auto change = planned(file, *real, site);
    if (!change || site.dry_run || !change->after) return change;
    const HookRecord* known = records->find(file);
    if (!change->changed() && known != nullptr) return change;
    const std::optional<std::string> before = change->before;
    const std::string after = change->after.value_or("");
    HookRecord record = updated_record(known, file, *change);
    if (change->changed()) {
      if (!before && record.made.empty()) record.made = first_missing_folder(*real);
      if (auto made = host::make_directories(ipc::directory_of(*real), site.system ? 0755 : 0700); !made)
        return fail(made.error());
      if (before && record.backup.empty() && known == nullptr) {
        record.backup = free_backup_name(*real);
        if (auto kept = host::write_file(record.backup, *before, mode_for(*real, site.system)); !kept)
          return fail(kept.error());
      }
      const auto done = put_text(*real, before, after, site.system);
      if ((!done || !*done) && known == nullptr && !record.backup.empty()) unlink(record.backup.c_str());
      if (!done) return fail(done.error());
      if (!*done) continue;  // again, with what stands there now
      change->backup = record.backup;
    }
    records->put(std::move(record));
    if (auto written = records->write(site.system); !written) return fail(written.error());
    return change;
  }
  return fail(host::file_problem(file.path, "is written by somebody else all the time",
                                 "end the agent, and try again"));
}

Result<HookChange> take_hook(const HookFile& file, const HookSite& site) {
  const auto real = behind_links(file.path);
  if (!real) return fail(real.error());
  auto records = Records::read(site);
  if (!records) return fail(records.error());
  for (int tries = 0; tries < kMostTries; ++tries) {
    const HookRecord* known = records->find(file);
    auto change = planned_removal(file, *real, known, site);
    if (!change || site.dry_run) return change;
    // The list first: the daemon takes a hook that goes while it is in there for one that somebody took.
    const std::optional<HookRecord> dropped = known == nullptr ? std::nullopt : std::optional(*known);
    if (dropped) {
      records->drop(file);
      if (auto written = records->write(site.system); !written) return fail(written.error());
    }
    auto done = take_out(*change, *real, dropped ? dropped->made : "", site.system);
    if (done && *done) return change;
    if (dropped) {
      records->put(*dropped);
      if (auto written = records->write(site.system); !written) return fail(written.error());
    }
    if (!done) return fail(done.error());
  }
  return fail(host::file_problem(file.path, "is written by somebody else all the time",
                                 "end the agent, and try again"));
}

}  // namespace cmdai::cli
