#pragma once
// Who may say what: core > organization > user > project. Reads what each layer says, and tells of what
// cannot count.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/policy/organization.hpp"
#include "libcore/policy/rule.hpp"
#include "libcore/policy/settings_file.hpp"

namespace cmdai::policy {

struct Layers {
  std::optional<OrganizationFile> organization;
  std::optional<SettingsFile> user, allow_list, project;
};

/// Reads the settings of all layers; the first error stops it.
Result<Layers> read_layers(const PolicySources& sources, std::vector<Diagnostic>& warnings);

/// The settings in force: the user's, tightened by the organization and the project.
Settings settings_in_force(const Layers& layers);

/// Sets info.human_now and info.agent_now of every rule, as if everything counted whatever its time is.
/// Overrides that name no rule, or would soften a locked one, are told as warnings.
void apply_layers(const Layers& layers, const Settings& in_force, std::vector<Rule>& rules,
                  std::vector<Diagnostic>& warnings);

/// What in the organization's document can never count: rules nobody knows, exceptions and modes of core
/// rules, exceptions that lift nothing.
void check_organization(const OrganizationFile& file, const std::vector<Rule>& rules,
                        std::vector<Diagnostic>& problems);

/// `git.push-force`, `git.*` or `*` speaks of the rule `id`.
bool covers(std::string_view selector, std::string_view id);
/// The place among `selectors` that speaks of `id` most precisely; of equals the last. nullopt: none does.
template <class Entries, class Counts>
std::optional<size_t> most_precise(const Entries& entries, std::string_view id, Counts counts) {
  std::optional<size_t> best;
  size_t precision = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    const std::string& selector = entries[i].first;
    if (!covers(selector, id) || !counts(i)) continue;
    const size_t now = selector == id ? 1000 : selector.size();
    if (best && now < precision) continue;
    best = i;
    precision = now;
  }
  return best;
}

const AgentSettings* settings_of(const Settings& settings, std::string_view agent);

}  // namespace cmdai::policy
