#include "daemon/host/effective_policy.hpp"

#include <nlohmann/json.hpp>

#include "libcore/base/utc.hpp"

namespace cmdai::host {
namespace {

using Json = nlohmann::ordered_json;

void add_window(Json& json, const policy::Window& window) {
  if (window.not_before != 0) json["not_before"] = utc_text(window.not_before);
  if (window.expires != 0) json["expires"] = utc_text(window.expires);
}

Json json_of(const policy::Say& say) {
  Json json{{"layer", to_string(say.layer)}, {"what", say.what}};
  if (!say.group.empty()) json["group"] = say.group;
  json["action"] = to_string(say.action);
  json["mode"] = to_string(say.mode);
  json["file"] = say.file;
  json["line"] = say.line;
  add_window(json, say.window);
  json["counts"] = say.counts;
  json["decides"] = say.decides;
  return json;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::optional<policy::Actor> actor_from(std::string_view text) {
  policy::Actor actor;
  if (text == "human") return actor;
  actor.kind = policy::ActorKind::agent;
  if (text == "agent") return actor;
  if (!text.starts_with("agent:") || text.size() == 6) return std::nullopt;
  actor.name = text.substr(6);
  return actor;
}

std::string to_json(const policy::EffectiveRule& rule) {
  Json json{{"id", rule.info.id},
            {"severity", rule.info.severity},
            {"title", rule.info.title},
            {"action", to_string(rule.action)},
            {"would_be", to_string(rule.would_be)},
            {"mode", to_string(rule.mode)},
            {"layer", to_string(rule.layer)},
            {"core", rule.info.core},
            {"locked", rule.locked},
            {"in_time", !rule.expired}};
  add_window(json, rule.info.window);
  json["exceptions"] = rule.exceptions;
  json["says"] = Json::array();
  for (const policy::Say& say : rule.says) json["says"].push_back(json_of(say));
  return dump(json);
}

std::string to_json(const policy::OrganizationInfo& organization) {
  Json json{{"name", organization.name},
            {"version", organization.version},
            {"contact", organization.contact},
            {"file", organization.file}};
  add_window(json, organization.window);
  json["groups"] = organization.groups;
  json["member_of"] = organization.member_of;
  return dump(json);
}

}  // namespace cmdai::host
