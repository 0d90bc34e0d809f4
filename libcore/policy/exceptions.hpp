#pragma once
// What a person allowed for good: exact commands and path scopes (config.toml, allow.toml).
#include <vector>

#include "libcore/policy/policy.hpp"

namespace cmdai::policy {

/// The entry that lifts this match, or null. Core rules and an organization's rules are never lifted.
const AllowEntry* find_exception(const std::vector<AllowEntry>& entries, const EvaluateInput& input,
                                 const Match& match, const RuleInfo& rule);

}  // namespace cmdai::policy
