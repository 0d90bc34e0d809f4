#pragma once
// A disk of a few files for the tests: what a probe may see.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libcore/base/probe.hpp"
#include "test/unit/commands/effects_of.hpp"

namespace cmdai::test {

class Disk : public Probe {
 public:
  /// `links`: symbolic links by their path, absolute, and where each leads. `mounts`: folders of another
  /// file system.
  explicit Disk(std::map<std::string, std::string> files, std::map<std::string, std::string> links = {},
                std::vector<std::string> mounts = {})
      : files_(std::move(files)), links_(std::move(links)), mounts_(std::move(mounts)) {}

  std::optional<FileInfo> lstat(const std::string& path) override {
    FileInfo info;
    info.mode = 0755;
    for (const std::string& mount : mounts_)
      if (path == mount || path.starts_with(mount + '/')) info.device = 1;
    if (links_.contains(path)) {
      info.kind = FileKind::symlink;
      return info;
    }
    const std::string real = followed(path);
    const auto file = files_.find(real);
    if (file != files_.end() && !real.ends_with('/')) {
      info.kind = FileKind::regular;
      info.size = file->second.size();
      return info;
    }
    const std::string folder = real == "/" ? real : real + '/';
    const auto below = files_.lower_bound(folder);
    if (below == files_.end() || !below->first.starts_with(folder)) return std::nullopt;
    info.kind = FileKind::directory;
    return info;
  }
  std::optional<std::string> real_path(const std::string& path) override { return followed(path); }
  std::optional<std::string> read_file(const std::string& path, size_t limit) override {
    const auto file = files_.find(followed(path));
    if (file == files_.end() || file->second.size() > limit) return std::nullopt;
    return file->second;
  }
  std::optional<std::vector<std::string>> list(const std::string& directory, size_t limit) override {
    std::vector<std::string> out;
    const auto found = scan(directory, limit);
    if (!found) return std::nullopt;
    for (const Listing::Entry& entry : found->entries) out.push_back(entry.name);
    return out;
  }
  bool is_absent(const std::string& path) override { return !lstat(path); }
  std::optional<Listing> scan(const std::string& directory, size_t limit) override {
    const std::string folder = followed(directory) == "/" ? "/" : followed(directory) + '/';
    Listing out;
    std::string last;
    const auto add = [&](const std::string& path) {
      const std::string name = path.substr(folder.size(), path.find('/', folder.size()) - folder.size());
      if (name.empty() || name == last) return;
      last = name;
      if (out.entries.size() == limit)
        out.whole = false;
      else
        out.entries.push_back({name, lstat(folder + name).value_or(FileInfo{})});
    };
    for (auto it = files_.lower_bound(folder); it != files_.end() && it->first.starts_with(folder); ++it)
      add(it->first);
    for (const auto& [path, target] : links_)
      if (path.starts_with(folder) && path.find('/', folder.size()) == std::string::npos) add(path);
    if (out.entries.empty() && !files_.contains(folder)) return std::nullopt;
    return out;
  }
  std::optional<std::string> read_link(const std::string& path) override {
    const auto link = links_.find(path);
    return link == links_.end() ? std::nullopt : std::optional(link->second);
  }
  std::optional<std::string> read_part(const std::string& path, uint64_t offset, size_t size) override {
    const auto file = files_.find(path);
    if (file == files_.end() || offset > file->second.size()) return std::nullopt;
    return file->second.substr(offset, size);
  }

 private:
  /// With every link on the way followed.
  std::string followed(const std::string& path) const {
    for (const auto& [link, target] : links_)
      if (path == link || path.starts_with(link + '/')) return followed(target + path.substr(link.size()));
    return path;
  }

  std::map<std::string, std::string> files_;  ///< a path that ends in a slash is an empty folder
  std::map<std::string, std::string> links_;
  std::vector<std::string> mounts_;
};

/// As check_effects(), with these files below the project.
inline void check_effects_with(const std::map<std::string, std::string>& files,
                               const std::vector<EffectCase>& cases, std::string_view shell = "bash") {
  std::map<std::string, std::string> whole;
  for (const auto& [name, text] : files)
    whole[name.starts_with('/') ? name : std::string(kCwd) + '/' + name] = text;
  for (const EffectCase& c : cases) {
    CAPTURE(c.command);
    Disk disk(whole);
    CHECK(effects_of(c.command, shell, &disk) == c.effects);
  }
}

}  // namespace cmdai::test
