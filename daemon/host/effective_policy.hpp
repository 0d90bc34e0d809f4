#pragma once
// Each rule as it is for somebody, with the layers that had a say, as a line of JSON: what the daemon answers
// to a `policy` frame, and what `cmdai policy effective` says without it.
#include <optional>
#include <string>
#include <string_view>

#include "libcore/policy/policy.hpp"

namespace cmdai::host {

/// `human`, `agent` or `agent:NAME`; nullopt: something else.
std::optional<policy::Actor> actor_from(std::string_view text);

/// One line without newline (docs/cli.md has the keys).
std::string to_json(const policy::EffectiveRule& rule);
std::string to_json(const policy::OrganizationInfo& organization);

}  // namespace cmdai::host
