#include <nlohmann/json.hpp>

#include "enterprise/collector/api/handlers.hpp"
#include "enterprise/collector/service/collector.hpp"

namespace cmdai::collector::calls {

Response health(const Call& call) {
  const auto position = call.collector.store().ledger().last_position();
  if (!position) return api_error(position.error());
  return json_response({{"status", "ok"}, {"version", CMDAI_VERSION}});
}

Response metrics(const Call& call) {
  Response response;
  response.type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = render(call.collector.metrics(), call.collector.gauges());
  return response;
}

Response openapi(const Call&) {
  Response response;
  response.body = openapi_text();
  return response;
}

Response whoami(const Call& call) {
  return json_response({{"id", call.who.id},
                        {"name", call.who.name},
                        {"roles", call.who.roles},
                        {"expires", call.who.expires}});
}

}  // namespace cmdai::collector::calls
