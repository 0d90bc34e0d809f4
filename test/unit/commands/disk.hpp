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
  explicit Disk(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  std::optional<FileInfo> lstat(const std::string& path) override {
    FileInfo info;
    info.mode = 0755;
    const auto file = files_.find(path);
    if (file != files_.end()) {
      info.kind = FileKind::regular;
      info.size = file->second.size();
      return info;
    }
    const auto below = files_.lower_bound(path + '/');
    if (below == files_.end() || !below->first.starts_with(path + '/')) return std::nullopt;
    info.kind = FileKind::directory;
    return info;
  }
  std::optional<std::string> real_path(const std::string& path) override { return path; }
  std::optional<std::string> read_file(const std::string& path, size_t limit) override {
    const auto file = files_.find(path);
    if (file == files_.end() || file->second.size() > limit) return std::nullopt;
    return file->second;
  }
  std::optional<std::vector<std::string>> list(const std::string& /*directory*/, size_t /*limit*/) override {
    return std::nullopt;
  }

 private:
  std::map<std::string, std::string> files_;
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
