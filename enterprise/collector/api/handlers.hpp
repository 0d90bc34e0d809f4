#pragma once
// What each call does.
#include "enterprise/collector/api/api.hpp"

namespace cmdai::collector::calls {

Response health(const Call& call);
Response metrics(const Call& call);
Response openapi(const Call& call);
Response whoami(const Call& call);

Response list_devices(const Call& call);
Response one_device(const Call& call);
Response revoke_device(const Call& call);
Response command_device(const Call& call);

Response search_events(const Call& call);
Response one_event(const Call& call);
Response count_events(const Call& call);

Response list_chains(const Call& call);
Response list_alarms(const Call& call);
Response close_alarm(const Call& call);
Response list_checkpoints(const Call& call);
Response list_apart(const Call& call);

Response list_policies(const Call& call);
Response current_policy(const Call& call);
Response publish_policy(const Call& call);

Response list_enrollment_tokens(const Call& call);
Response create_enrollment_token(const Call& call);
Response revoke_enrollment_token(const Call& call);
Response list_api_tokens(const Call& call);
Response create_api_token(const Call& call);
Response revoke_api_token(const Call& call);
Response list_acts(const Call& call);

}  // namespace cmdai::collector::calls
