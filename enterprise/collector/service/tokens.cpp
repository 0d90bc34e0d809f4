#include "enterprise/collector/service/tokens.hpp"

#include <algorithm>

#include "enterprise/protocol/enrollment.hpp"
#include "enterprise/protocol/hashing.hpp"

namespace cmdai::collector {

NewEnrollmentToken new_enrollment_token(const std::string& group, std::uint64_t uses, Time now, Time ttl,
                                        const std::string& by) {
  const wire::Key32 secret = wire::Key32::random();
  EnrollmentToken row;
  row.hash = wire::token_hash(secret).hex();
  row.id = row.hash.substr(0, 16);
  row.group = group;
  row.uses = uses;
  row.created = now;
  row.expires = now + ttl;
  row.created_by = by;
  return {wire::to_hex(secret.view()), std::move(row)};
}

std::string api_token_hash(std::string_view secret) {
  return wire::hash(std::string("cmdai-api-token-v1\n").append(secret)).hex();
}

NewApiToken new_api_token(const std::string& name, std::vector<std::string> roles, Time now, Time ttl) {
  std::string secret = "cmdai_" + wire::to_hex(wire::Key32::random().view());
  ApiToken row;
  row.hash = api_token_hash(secret);
  row.id = row.hash.substr(0, 16);
  row.name = name;
  row.roles = std::move(roles);
  row.created = now;
  row.expires = ttl == 0 ? 0 : now + ttl;
  return {std::move(secret), std::move(row)};
}

bool is_role(std::string_view role) {
  return std::find(std::begin(kRoles), std::end(kRoles), role) != std::end(kRoles);
}

}  // namespace cmdai::collector
