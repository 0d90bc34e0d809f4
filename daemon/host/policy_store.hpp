#pragma once
// Policy from the user's files: compiled once, swapped on change, the last good one kept when a file is
// broken.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/host/paths.hpp"
#include "daemon/host/trust.hpp"
#include "libcore/policy/policy.hpp"

namespace cmdai::host {

/// Reads what the user's directory holds: config.toml, allow.toml, rules/*.toml and `rule_files`. Missing
/// files are fine.
Result<policy::PolicySources> read_sources(const Paths& paths);
/// The same with another text for config.toml (nullopt: none), whatever stands there now.
Result<policy::PolicySources> read_sources_with(const Paths& paths,
                                                std::optional<policy::SourceFile> settings);

/// What an organization says, as a plugin hands it over.
struct Organization {
  std::optional<policy::SourceFile> settings;
  std::vector<policy::SourceFile> packs;
  std::vector<std::string> groups;  ///< of its settings, that this device and user are in
};

/// Not thread-safe: one per daemon or command.
class PolicyStore {
 public:
  explicit PolicyStore(Paths paths);

  /// Reads and compiles everything again. On error the policy in force stays and error() tells.
  Result<void> reload();
  const std::optional<Diagnostic>& error() const { return error_; }
  /// The organization's part, in place of what was set before; it counts in everything compiled from here on.
  /// On error nothing changes.
  Result<void> set_organization(Organization organization);

  /// Never null: built-in rules at worst.
  std::shared_ptr<const policy::Policy> policy() const { return policy_; }
  /// With the trusted project file of `directory`, if there is one. Compiled once per content.
  std::shared_ptr<const policy::Policy> policy_for(const std::string& directory);
  /// A project file that applies to `directory` but is not trusted (or broken), to be told once; nullopt:
  /// nothing to tell.
  std::optional<Diagnostic> project_notice(const std::string& directory);

  /// Directories whose files matter: for a watcher.
  std::vector<std::string> watched() const;
  const Paths& paths() const { return paths_; }

 private:
  struct Project {
    std::string fingerprint;  ///< of base policy and project text
    std::shared_ptr<const policy::Policy> policy;
    std::optional<Diagnostic> notice;
  };
  const Project* project_for(const std::string& directory);

  Paths paths_;
  policy::PolicySources sources_;
  std::shared_ptr<const policy::Policy> policy_;
  std::optional<Diagnostic> error_;
  TrustList trust_;
  std::map<std::string, Project> projects_;
};

/// What config.toml holds; nullopt: there is none.
Result<std::optional<std::string>> read_settings_text(const Paths& paths);
/// Puts `text` into config.toml, whole or not at all. What stood there (it must still be `before`) is kept in
/// config.toml.bak-N first; returns the name of that file, empty when there was nothing to keep.
Result<std::string> replace_settings(const Paths& paths, const std::optional<std::string>& before,
                                     const std::string& text);

/// Appends an entry to allow.toml, whole or not at all.
Result<void> append_allow_entry(const Paths& paths, const policy::AllowEntry& entry);
/// The same, in place of an entry that differs in its end and reason only.
Result<void> put_allow_entry(const Paths& paths, const policy::AllowEntry& entry);
/// Removes the entries with this id from allow.toml; returns how many.
Result<size_t> remove_allow_entry(const Paths& paths, const std::string& id);

}  // namespace cmdai::host
