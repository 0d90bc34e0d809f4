#pragma once
// Which project files (.cmdai.toml) a person has said yes to. Trust is bound to the content: a changed file
// is not trusted.
#include <string>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::host {

class TrustList {
 public:
  explicit TrustList(std::string path) : path_(std::move(path)) {}
  /// Reads the file; a missing one is an empty list.
  Result<void> load();
  bool empty() const { return entries_.empty(); }
  bool trusts(const std::string& project_file, std::string_view text) const;
  /// Adds or replaces the entry for the file and writes the list.
  Result<void> add(const std::string& project_file, std::string_view text);
  Result<void> remove(const std::string& project_file);

 private:
  struct Entry {
    std::string hash, path;
  };
  Result<void> save() const;
  std::string path_;
  std::vector<Entry> entries_;
};

/// The nearest .cmdai.toml at or above `directory`, not above `home` when inside it; empty: none. Files of
/// other users (but root) are not seen.
std::string find_project_file(const std::string& directory, const std::string& home);

}  // namespace cmdai::host
