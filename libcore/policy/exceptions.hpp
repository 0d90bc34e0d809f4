#pragma once
// What a person allowed for good (config.toml, allow.toml), and what an organization grants: exact commands
// and path scopes.
#include <vector>

#include "libcore/policy/organization.hpp"
#include "libcore/policy/policy.hpp"

namespace cmdai::policy {

/// The entry of the user's that lifts this match, or null. The caller asks for no core rule, and keeps what
/// the organization locked.
const AllowEntry* find_exception(const std::vector<AllowEntry>& entries, const EvaluateInput& input,
                                 const Match& match);

/// The organization's exception that lifts its part of this match, or null.
const Grant* find_grant(const OrganizationFile& file, const EvaluateInput& input, const Match& match);
/// Whether it may count for this actor at this time, whatever the command is.
bool grant_counts(const OrganizationFile& file, const OrganizationPart& part, const Grant& grant,
                  const Actor* actor, int64_t now);

}  // namespace cmdai::policy
