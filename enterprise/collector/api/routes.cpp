#include "enterprise/collector/api/handlers.hpp"

namespace cmdai::collector {

std::span<const ApiRoute> api_routes() {
  using namespace calls;
  static const std::vector<ApiRoute> all = {
      {"GET", "/api/v1/health", {}, health, true, true},
      {"GET", "/api/v1/openapi.json", {}, openapi, true, true},
      {"GET", "/metrics", {}, metrics, false, true},
      {"GET", "/api/v1/whoami", {}, whoami},

      {"GET", "/api/v1/devices", {"analyst", "auditor", "device-admin"}, list_devices},
      {"GET", "/api/v1/devices/{id}", {"analyst", "auditor", "device-admin"}, one_device},
      {"POST", "/api/v1/devices/{id}/revoke", {"device-admin"}, revoke_device},
      {"POST", "/api/v1/devices/{id}/commands", {"device-admin"}, command_device},

      {"GET", "/api/v1/events", {"analyst", "auditor"}, search_events},
      {"GET", "/api/v1/events/counts", {"analyst", "auditor"}, count_events},
      {"GET", "/api/v1/events/{position}/{seq}", {"analyst", "auditor"}, one_event},

      {"GET", "/api/v1/integrity/chains", {"analyst", "auditor"}, list_chains},
      {"GET", "/api/v1/integrity/alarms", {"analyst", "auditor", "device-admin"}, list_alarms},
      {"POST", "/api/v1/integrity/alarms/{id}/close", {"analyst"}, close_alarm},
      {"GET", "/api/v1/integrity/checkpoints", {"analyst", "auditor"}, list_checkpoints},
      {"GET", "/api/v1/integrity/apart/{device}", {"analyst", "auditor"}, list_apart},

      {"GET", "/api/v1/policies", {"policy-author", "analyst", "auditor"}, list_policies},
      {"GET", "/api/v1/policies/current", {"policy-author", "analyst", "auditor"}, current_policy},
      {"POST", "/api/v1/policies", {"policy-author"}, publish_policy},

      {"GET", "/api/v1/enrollment-tokens", {"device-admin"}, list_enrollment_tokens},
      {"POST", "/api/v1/enrollment-tokens", {"device-admin"}, create_enrollment_token},
      {"DELETE", "/api/v1/enrollment-tokens/{id}", {"device-admin"}, revoke_enrollment_token},
      {"GET", "/api/v1/api-tokens", {"owner"}, list_api_tokens},
      {"POST", "/api/v1/api-tokens", {"owner"}, create_api_token},
      {"DELETE", "/api/v1/api-tokens/{id}", {"owner"}, revoke_api_token},
      {"GET", "/api/v1/audit", {"auditor"}, list_acts},
  };
  return all;
}

}  // namespace cmdai::collector
