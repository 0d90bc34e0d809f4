#pragma once
// Tokens of both kinds: what is told once, and what is stored of it.
#include <string>
#include <vector>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/store/access.hpp"
#include "enterprise/collector/store/devices.hpp"

namespace cmdai::collector {

struct NewEnrollmentToken {
  std::string secret;  // 64 hex digits
  EnrollmentToken row;
};
NewEnrollmentToken new_enrollment_token(const std::string& group, std::uint64_t uses, Time now, Time ttl,
                                        const std::string& by);

struct NewApiToken {
  std::string secret;  // `cmdai_` and 64 hex digits
  ApiToken row;
};
/// ttl 0: does not expire.
NewApiToken new_api_token(const std::string& name, std::vector<std::string> roles, Time now, Time ttl);

/// What is stored and looked up of an API token.
std::string api_token_hash(std::string_view secret);

inline constexpr std::string_view kRoles[] = {"owner", "policy-author", "analyst", "auditor", "device-admin"};
bool is_role(std::string_view role);

}  // namespace cmdai::collector
