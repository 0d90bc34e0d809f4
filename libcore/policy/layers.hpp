#pragma once
// Who may say what: core > organization > user > project. Works out the action each rule has after all layers
// spoke.
#include <optional>
#include <vector>

#include "libcore/policy/rule.hpp"
#include "libcore/policy/settings_file.hpp"

namespace cmdai::policy {

struct Layers {
  std::optional<SettingsFile> organization, user, allow_list, project;
};

/// Reads the settings of all layers; the first error stops it.
Result<Layers> read_layers(const PolicySources& sources);

/// The settings in force: the user's, tightened by the organization and the project.
Settings settings_in_force(const Layers& layers);

/// Sets info.human_now and info.agent_now of every rule. Overrides that name no rule, or would soften a
/// locked one, are told as warnings.
void apply_layers(const Layers& layers, const Settings& in_force, std::vector<Rule>& rules,
                  std::vector<Diagnostic>& warnings);

}  // namespace cmdai::policy
