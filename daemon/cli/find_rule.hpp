#pragma once
// A rule by its id.
#include "libcore/policy/policy.hpp"

namespace cmdai::cli {

/// Error: no such rule, with the nearest that exists.
Result<policy::RuleInfo> find_rule(const policy::Policy& policy, const std::string& id);

}  // namespace cmdai::cli
