#include "enterprise/collector/service/device_api.hpp"

#include <charconv>

namespace cmdai::collector {

namespace {

constexpr std::string_view kRootPath = "/v1/policy/root/";

struct Route {
  std::string_view method, path;
};
constexpr Route kRoutes[] = {{"POST", "/v1/events"},         {"POST", "/v1/heartbeat"},
                             {"POST", "/v1/rekey"},          {"GET", "/v1/policy/timestamp"},
                             {"GET", "/v1/policy/current"},  {"GET", "/v1/policy/root/"},
                             {"GET", "/v1/log/consistency"}, {"GET", "/v1/log/inclusion"}};

bool known(const Request& request) {
  for (const Route& route : kRoutes)
    if (request.method == route.method &&
        (request.path == route.path || (route.path.back() == '/' && request.path.starts_with(route.path))))
      return true;
  return false;
}

/// With an ETag, and 304 to who has it.
Response with_tag(const Request& request, std::string body) {
  Response response;
  const std::string tag = "\"" + wire::hash(body).hex().substr(0, 32) + "\"";
  response.headers.emplace_back("ETag", tag);
  if (request.header("if-none-match") == tag)
    response.status = 304;
  else
    response.body = std::move(body);
  return response;
}

}  // namespace

bool DeviceApi::handle(const Request& request, const Reply& reply) {
  if (!request.path.starts_with("/v1/")) return false;
  if (request.path == "/v1/enroll" && request.method == "POST") {
    reply(p_.enrollment.enroll(request));
    return true;
  }
  if (!known(request)) {
    reply(error_response(404, "not-found"));
    return true;
  }
  auto admitted = p_.gate.admit(request, request.path == "/v1/rekey");
  if (auto* refused = std::get_if<Response>(&admitted)) {
    reply(std::move(*refused));
    return true;
  }
  const Caller caller = std::get<Caller>(std::move(admitted));
  Reply signed_reply = [this, reply, nonce = caller.nonce](Response response) {
    p_.gate.sign(response, nonce);
    reply(std::move(response));
  };
  if (request.path == "/v1/events")
    p_.ingest.take(caller, request, std::move(signed_reply));
  else
    signed_reply(answer(caller, request));
  return true;
}

Response DeviceApi::answer(const Caller& caller, const Request& request) {
  if (request.path == "/v1/heartbeat") return p_.heartbeats.take(caller, request);
  if (request.path == "/v1/rekey") return p_.enrollment.rekey(caller, request);
  if (request.path == "/v1/log/consistency") return p_.log.consistency(request);
  if (request.path == "/v1/log/inclusion") return p_.log.inclusion(request);
  return document(request);
}

Response DeviceApi::document(const Request& request) {
  const auto served = p_.policies.served();
  if (request.path == "/v1/policy/timestamp") return with_tag(request, served->timestamp);
  if (request.path == "/v1/policy/current")
    return served->policy.empty() ? error_response(404, "not-found") : with_tag(request, served->policy);
  const std::string_view digits = std::string_view(request.path).substr(kRootPath.size());
  std::uint64_t version = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (digits.empty() || read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
    return error_response(404, "not-found");
  const auto root = p_.policies.root(version);
  return root ? with_tag(request, *root) : error_response(404, "not-found");
}

}  // namespace cmdai::collector
