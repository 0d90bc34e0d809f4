#pragma once
// The `policy` frame: each rule as it is for somebody, with the layers that had a say, a line of JSON each.
// For the daemon, and for whoever compiles the same without it.
#include <string>

#include "daemon/ipc/frame.hpp"
#include "libcore/policy/policy.hpp"

namespace cmdai::ipc {

/// `human`, `agent` or `agent:NAME`; nullopt: something else.
std::optional<policy::Actor> actor_from(std::string_view text);

/// One line of JSON without newline; `cmdai policy effective --json` prints these.
std::string to_json(const policy::EffectiveRule& rule);
std::string to_json(const policy::OrganizationInfo& organization);

/// The answer to a `policy` frame: as many rules as fit, from number `from` on, and where to go on (`next`).
Frame policy_answer(const policy::Policy& policy, const policy::Actor& actor, int64_t now,
                    const std::string& rule, size_t from);

}  // namespace cmdai::ipc
