#include <nlohmann/json.hpp>

#include "enterprise/collector/api/handlers.hpp"
#include "enterprise/collector/service/collector.hpp"
#include "enterprise/protocol/envelope.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::collector::calls {

namespace {

using nlohmann::json;

}  // namespace

Response list_policies(const Call& call) {
  const auto versions = call.collector.store().documents().versions("policy");
  if (!versions) return api_error(versions.error());
  json all = json::array();
  for (const Document& one : *versions) all.push_back({{"version", one.version}, {"stored", one.stored}});
  return json_response({{"policies", all}, {"in_force", call.collector.policies().served()->policy_version}});
}

Response current_policy(const Call& call) {
  const auto served = call.collector.policies().served();
  if (served->policy_version == 0) return api_error(404, "not-found", "no policy was published yet");
  const auto envelope = wire::read_envelope(served->policy);
  const auto policy = envelope ? wire::read_policy(envelope->payload) : tl::unexpected(envelope.error());
  if (!policy) return api_error(500, "damaged", policy.error().text);
  json documents = json::array();
  for (const wire::PolicyText& text : policy->documents)
    documents.push_back({{"name", text.name},
                         {"kind", text.kind == wire::PolicyText::Kind::pack ? "pack" : "organization"},
                         {"text", text.text}});
  return json_response({{"version", policy->version},
                        {"created", policy->created},
                        {"not_before", policy->not_before},
                        {"expires", policy->expires},
                        {"min_daemon", policy->min_daemon},
                        {"on_stale", wire::name(policy->on_stale)},
                        {"documents", documents},
                        {"envelope", served->policy},
                        {"timestamp_version", served->timestamp_version}});
}

Response publish_policy(const Call& call) {
  const auto version = call.collector.policies().publish(call.request.body);
  if (!version) return api_error(version.error());
  return json_response({{"version", *version}});
}

}  // namespace cmdai::collector::calls
