#include <nlohmann/json.hpp>

#include "enterprise/collector/api/handlers.hpp"
#include "enterprise/collector/service/collector.hpp"
#include "enterprise/collector/service/tokens.hpp"
#include "enterprise/protocol/roles.hpp"

namespace cmdai::collector::calls {

namespace {

using nlohmann::json;

constexpr Time kLongestToken = 30 * kDay;
constexpr std::uint64_t kMostUses = 1'000'000;

json json_of(const EnrollmentToken& token) {
  return {{"id", token.id},
          {"group", token.group},
          {"uses", token.uses},
          {"used", token.used},
          {"created", token.created},
          {"expires", token.expires},
          {"created_by", token.created_by},
          {"revoked", token.revoked == 0 ? json(nullptr) : json(token.revoked)}};
}

json json_of(const ApiToken& token) {
  return {{"id", token.id},
          {"name", token.name},
          {"roles", token.roles},
          {"created", token.created},
          {"expires", token.expires == 0 ? json(nullptr) : json(token.expires)},
          {"revoked", token.revoked == 0 ? json(nullptr) : json(token.revoked)}};
}

/// A whole number of a body, within bounds; what it was before where it is absent.
bool take_number(const json& in, const char* name, std::int64_t& to, std::int64_t least, std::int64_t most) {
  if (!in.contains(name)) return true;
  if (!in[name].is_number_integer()) return false;
  to = in[name].get<std::int64_t>();
  return to >= least && to <= most;
}

}  // namespace

Response list_enrollment_tokens(const Call& call) {
  const auto tokens = call.collector.store().devices().tokens();
  if (!tokens) return api_error(tokens.error());
  json all = json::array();
  for (const EnrollmentToken& token : *tokens) all.push_back(json_of(token));
  return json_response({{"tokens", all}});
}

Response create_enrollment_token(const Call& call) {
  const json asked =
      call.request.body.empty() ? json::object() : json::parse(call.request.body, nullptr, false);
  std::int64_t uses = 1;
  std::int64_t ttl = kDay;
  if (!asked.is_object() || !take_number(asked, "uses", uses, 1, kMostUses) ||
      !take_number(asked, "ttl_ms", ttl, kMinute, kLongestToken))
    return api_error(400, "invalid", "`uses` is 1 to 1000000, `ttl_ms` a minute to 30 days");
  const json group = asked.value("group", json("default"));
  if (!group.is_string() || !wire::is_name(group.get<std::string>()))
    return api_error(400, "invalid", "`group` takes lower-case letters, digits, `.`, `_`, `-`");
  const auto made = new_enrollment_token(group.get<std::string>(), static_cast<std::uint64_t>(uses),
                                         call.collector.clock()(), ttl, call.who.name);
  if (auto done = call.collector.store().devices().add_token(made.row); !done) return api_error(done.error());
  json answer = json_of(made.row);
  answer["token"] = made.secret;
  Response response = json_response(answer);
  response.status = 201;
  return response;
}

Response revoke_enrollment_token(const Call& call) {
  if (auto done = call.collector.store().devices().revoke_token(call.parts[0], call.collector.clock()());
      !done)
    return api_error(done.error());
  return json_response({{"id", call.parts[0]}, {"revoked", true}});
}

Response list_api_tokens(const Call& call) {
  const auto tokens = call.collector.store().access().api_tokens();
  if (!tokens) return api_error(tokens.error());
  json all = json::array();
  for (const ApiToken& token : *tokens) all.push_back(json_of(token));
  return json_response({{"tokens", all}});
}

Response create_api_token(const Call& call) {
  const json asked = json::parse(call.request.body, nullptr, false);
  std::int64_t ttl = 90 * kDay;
  if (!asked.is_object() || !asked.contains("name") || !asked["name"].is_string() ||
      !asked.contains("roles") || !asked["roles"].is_array() || asked["roles"].empty() ||
      !take_number(asked, "ttl_ms", ttl, kMinute, 3650 * kDay))
    return api_error(400, "invalid", "the body is {\"name\":\"…\",\"roles\":[\"analyst\"],\"ttl_ms\":…}");
  std::vector<std::string> roles;
  for (const json& role : asked["roles"]) {
    if (!role.is_string() || !is_role(role.get<std::string>()))
      return api_error(400, "invalid",
                       "a role is one of owner, policy-author, analyst, auditor, device-admin");
    roles.push_back(role.get<std::string>());
  }
  const std::string name = asked["name"].get<std::string>();
  if (name.empty() || name.size() > 100 || name.find('\n') != std::string::npos)
    return api_error(400, "invalid", "`name` takes one line of up to 100 bytes");
  const auto made = new_api_token(name, std::move(roles), call.collector.clock()(), ttl);
  if (auto done = call.collector.store().access().add_api_token(made.row); !done)
    return api_error(done.error());
  json answer = json_of(made.row);
  answer["token"] = made.secret;
  Response response = json_response(answer);
  response.status = 201;
  return response;
}

Response revoke_api_token(const Call& call) {
  if (auto done = call.collector.store().access().revoke_api_token(call.parts[0], call.collector.clock()());
      !done)
    return api_error(done.error());
  return json_response({{"id", call.parts[0]}, {"revoked", true}});
}

Response list_acts(const Call& call) {
  std::uint64_t limit = 100;
  std::uint64_t before = 0;
  if (!read_number(call.request, "limit", limit) || !read_number(call.request, "before", before))
    return api_error(400, "invalid", "`limit` and `before` take numbers");
  limit = std::min<std::uint64_t>(std::max<std::uint64_t>(limit, 1), 1000);
  const auto acts = call.collector.store().access().acts(before, limit);
  if (!acts) return api_error(acts.error());
  json all = json::array();
  for (const AdminAct& act : *acts)
    all.push_back({{"id", act.id},
                   {"time", act.time},
                   {"token", act.token},
                   {"name", act.name},
                   {"method", act.method},
                   {"path", act.path},
                   {"status", act.status},
                   {"from", act.from}});
  return json_response(
      {{"acts", all}, {"next", acts->size() < limit ? json(nullptr) : json(acts->back().id)}});
}

}  // namespace cmdai::collector::calls
