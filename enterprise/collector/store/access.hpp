#pragma once
// Who may use the API, and what they did.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector {

struct ApiToken {
  std::string id;    // public name
  std::string hash;  // H(token), hex; the token itself is not stored
  std::string name;
  std::vector<std::string> roles;  // owner, policy-author, analyst, auditor, device-admin
  Time created = 0, expires = 0;   // 0: does not expire
  Time revoked = 0;
};

struct AdminAct {
  std::uint64_t id = 0;  // given by the store, rising
  Time time = 0;
  std::string token, name;  // who: id and name of the token; empty where there was none
  std::string method, path;
  int status = 0;
  std::string from;  // address
};

/// Thread-safe.
class Access {
 public:
  virtual ~Access() = default;
  virtual Done add_api_token(const ApiToken& token) = 0;
  virtual Result<std::optional<ApiToken>> api_token(const std::string& hash) = 0;
  virtual Result<std::vector<ApiToken>> api_tokens() = 0;
  virtual Done revoke_api_token(const std::string& id, Time now) = 0;

  virtual Done record(const AdminAct& act) = 0;
  /// Newest first, ids below `before` (0: the newest).
  virtual Result<std::vector<AdminAct>> acts(std::uint64_t before, std::size_t limit) = 0;
};

}  // namespace cmdai::collector
