#pragma once
// An organization's document (docs/organization-policy.md): what it locks, what it proposes, how far each
// rule counts, for which groups and how long, and the exceptions it grants.
#include <string>
#include <utility>
#include <vector>

#include "libcore/policy/settings_file.hpp"

namespace cmdai::policy {

/// `[[exception]]`: lifts the organization's own part of one rule, never a core rule.
struct Grant {
  AllowEntry scope;                 ///< id, rule, command, path, below, reason
  Window window;                    ///< it always ends
  std::vector<std::string> groups;  ///< empty: every device
  std::vector<std::string> actors;  ///< `human`, `agent`, `agent:NAME`; empty: everybody
  std::string granted_by;
  Range place, rule_place;
  bool counts = true;  ///< false: this device is in none of the groups
};

/// The document itself, or one `[[group]]` of it.
struct OrganizationPart {
  std::string name;  ///< of the group; the document has none
  Range place;
  Window window;
  std::optional<Mode> mode;
  std::vector<std::pair<std::string, Mode>> modes;  ///< rule id, family or * -> mode
  std::vector<Range> mode_places;                   ///< parallel to modes
  SettingsFile locked;                              ///< lower bounds
  SettingsFile defaults;                            ///< proposals: the user's own word goes before them
  std::vector<Grant> grants;
  bool counts = true;  ///< false: a group this device is not in
};

struct OrganizationFile {
  SourceFile source;
  std::string name, version, contact;
  std::vector<OrganizationPart> parts;  ///< the document, then its groups in their order
  const OrganizationPart& document() const { return parts.front(); }
};

/// `all`, if given, gets every complaint; the error is the first of them.
Result<OrganizationFile> read_organization(const SourceFile& file, std::vector<Diagnostic>* all = nullptr);

/// Lets the groups count that are among `groups`, and tells of names that are none of the document's.
void choose_groups(OrganizationFile& file, const std::vector<std::string>& groups,
                   std::vector<Diagnostic>& warnings);

}  // namespace cmdai::policy
