#pragma once
// config.toml, allow.toml and .cmdai.toml with the places of what they say, for the compiler's errors and
// warnings.
#include <optional>
#include <string>
#include <vector>

#include "libcore/policy/policy.hpp"
#include "libcore/policy/toml_tree.hpp"

namespace cmdai::policy {

enum class SettingsKind : uint8_t { user, allow_list, project, organization };

/// What an organization's line of `[rules]` may say beside its action.
struct Terms {
  std::optional<Mode> mode;
  Window window;
};

struct SettingsFile {
  SourceFile source;
  Settings settings;
  bool sets_human = false, sets_agent = false, sets_opaque_human = false, sets_opaque_agent = false;
  std::vector<Range> rule_places;  ///< parallel to settings.rule_actions: the key
  std::vector<Terms> rule_terms;   ///< parallel to settings.rule_actions
  std::vector<std::vector<Range>>
      agent_rule_places;  ///< parallel to settings.agents, then to their rule_actions
  std::vector<std::vector<Terms>> agent_rule_terms;
  std::vector<Range> agent_places;    ///< parallel to settings.agents: the key
  std::vector<Range> allow_places;    ///< parallel to settings.allow
  Range profile_place, opaque_place;  ///< of the tables
};

Result<SettingsFile> read_settings(const SourceFile& file, SettingsKind kind);

class FieldReader;
/// `profile`, `opaque`, `rules` and `agents` of a table of an organization's document; what else stands there
/// is left to the caller.
void read_settings_part(FieldReader& reader, const TomlNode& table, SettingsFile& into);

}  // namespace cmdai::policy
