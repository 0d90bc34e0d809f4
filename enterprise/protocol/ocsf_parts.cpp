#include "enterprise/protocol/ocsf_parts.hpp"

#include <algorithm>
#include <array>

#include "enterprise/protocol/hashing.hpp"

namespace cmdai::wire::ocsf {

const Json& object_of(const Json& json, const char* name) {
  static const Json empty = Json::object();
  const auto it = json.find(name);
  return it != json.end() && it->is_object() ? *it : empty;
}

std::string text_of(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::string id_of(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_number_integer() ? it->dump() : text_of(json, name);
}

void put(OrderedJson& to, const char* name, std::string text) {
  if (!text.empty()) to[name] = std::move(text);
}

void copy_number(const Json& from, const char* name, OrderedJson& to, const char* as) {
  if (const auto it = from.find(name); it != from.end() && it->is_number_integer()) to[as] = *it;
}

namespace {

struct Severity {
  std::string_view word;
  int id;
};

int find_severity(std::string_view word, const std::array<Severity, 4>& table) {
  const auto it = std::ranges::find(table, word, &Severity::word);
  return it == table.end() ? 0 : it->id;
}

/// Number of the operating system in OCSF's `os.type_id`.
int os_type(std::string_view os) {
  const auto says = [os](std::string_view part) { return os.find(part) != std::string_view::npos; };
  if (says("mac") || says("Mac") || says("arwin")) return 300;
  if (says("indows")) return 100;
  return says("inux") ? 200 : 99;
}

OrderedJson os_of(const std::string& name) {
  OrderedJson out = {{"name", name}, {"type_id", os_type(name)}};
  if (out["type_id"] == 99) out["type"] = name;
  return out;
}

struct Control {
  int action;
  int disposition;
};

/// Allowed, denied or observed, and the disposition: docs/collector-events.md has the table.
Control control_of(const Json& event) {
  const Json& decision = object_of(event, "decision");
  const std::string answer = text_of(decision, "user_response");
  if (answer == "no" || answer == "timeout" || answer == "refused" || answer == "declined") return {2, 25};
  if (text_of(event, "type") == "approval") return {1, 8};
  if (answer == "yes" || answer == "always" || answer == "covered") return {1, 8};
  const std::string action = text_of(decision, "action");
  if (action == "block") return text_of(decision, "mode") == "observe" ? Control{3, 19} : Control{2, 2};
  if (action == "ask") return {3, 23};
  if (action == "warn") return {3, 19};
  return {1, 1};
}

}  // namespace

int severity_of(const Json& event) {
  static constexpr std::array<Severity, 4> kRules = {
      {{"low", 2}, {"medium", 3}, {"high", 4}, {"critical", 5}}};
  static constexpr std::array<Severity, 4> kActions = {{{"allow", 1}, {"warn", 2}, {"ask", 3}, {"block", 4}}};
  const Json& decision = object_of(event, "decision");
  const auto rules = decision.find("rules");
  if (rules != decision.end() && rules->is_array() && !rules->empty() && rules->front().is_object()) {
    if (const int id = find_severity(text_of(rules->front(), "severity"), kRules)) return id;
  }
  return std::max(1, find_severity(text_of(decision, "action"), kActions));
}

OrderedJson metadata(const Json& event, OcsfVersion version, const std::vector<std::string>& profiles) {
  OrderedJson out;
  out["version"] = version == OcsfVersion::v1_8 ? "1.8.0" : "1.9.0";
  out["product"] = {{"name", "cmdai"}, {"vendor_name", "cmdai"}};
  put(out["product"], "version", text_of(object_of(event, "daemon"), "version"));
  out["profiles"] = profiles;
  put(out, "uid", text_of(event, "event_uid"));
  put(out, "event_code", text_of(event, "type"));
  put(out, "tenant_uid", text_of(event, "tenant"));
  copy_number(event, "seq", out, "sequence");
  put(out, "correlation_uid", text_of(event, "hook_id"));
  return out;
}

OrderedJson device(const Json& event) {
  const Json& from = object_of(event, "device");
  OrderedJson out;
  out["type_id"] = 0;
  put(out, "uid", text_of(from, "id"));
  put(out, "hostname", text_of(from, "host"));
  if (const std::string os = text_of(from, "os"); !os.empty()) out["os"] = os_of(os);
  if (!out.contains("uid") && !out.contains("hostname")) out["uid"] = "unknown";
  return out;
}

OrderedJson actor(const Json& event) {
  const Json& from = object_of(event, "actor");
  const Json& cmd = object_of(event, "cmd");
  OrderedJson out = OrderedJson::object();
  OrderedJson user = OrderedJson::object();
  put(user, "name", text_of(from, "user"));
  put(user, "uid", id_of(from, "uid"));
  if (!user.empty()) out["user"] = std::move(user);
  OrderedJson process = OrderedJson::object();
  copy_number(cmd, "shell_pid", process, "pid");
  // A process without a number of its own is none to OCSF, whatever its parent is.
  if (process.contains("pid")) {
    put(process, "name", text_of(cmd, "shell"));
    OrderedJson parent = OrderedJson::object();
    copy_number(object_of(event, "proc"), "ppid", parent, "pid");
    if (!parent.empty()) process["parent_process"] = std::move(parent);
    out["process"] = std::move(process);
  }
  if (const std::string session = text_of(object_of(event, "agent"), "instance"); !session.empty())
    out["session"] = {{"uid", session}};
  if (out.empty()) out["app_name"] = "cmdai";
  return out;
}

OrderedJson ai_agent(const Json& event) {
  const Json& from = object_of(event, "agent");
  const std::string name = text_of(from, "name");
  if (name.empty()) return nullptr;
  OrderedJson out;
  out["uid"] = name;
  out["name"] = name;
  put(out, "version", text_of(from, "version"));
  put(out, "instance_uid", text_of(from, "instance"));
  // An agent tells its model, not whose it is; OCSF requires both.
  if (const std::string model = text_of(from, "model"); !model.empty())
    out["ai_model"] = {{"name", model}, {"ai_provider", "unknown"}};
  return out;
}

OrderedJson unmapped(const Json& event, std::string_view line, OcsfVersion version) {
  // Mapped elsewhere, whole.
  static constexpr std::array<std::string_view, 10> kMapped = {
      "v", "seq", "prev", "chain", "type", "event_uid", "time_ms", "tenant", "device", "hook_id"};
  OrderedJson out = OrderedJson::object();
  for (const auto& [name, value] : event.items()) {
    if (std::ranges::find(kMapped, name) == kMapped.end()) out[name] = value;
  }
  Json more = object_of(event, "device");
  for (const char* mapped : {"id", "host", "os"}) more.erase(mapped);
  if (!more.empty()) out["device"] = more;
  // The command's text is in script.script_content; once is enough.
  if (const auto cmd = out.find("cmd"); cmd != out.end() && cmd->is_object()) cmd->erase("line");
  if (version == OcsfVersion::v1_8) {
    if (OrderedJson agent = ai_agent(event); !agent.is_null()) out["ai_agent"] = std::move(agent);
  }
  // OCSF's own attestation is over the OCSF event; this is about the line that was signed.
  out["record"] = {{"chain_uid", text_of(event, "chain")},
                   {"fingerprint", hash(line).hex()},
                   {"prev_fingerprint", text_of(event, "prev")}};
  return out;
}

void add_security_control(const Json& event, OrderedJson& out) {
  const Json& decision = object_of(event, "decision");
  const Control control = control_of(event);
  out["action_id"] = control.action;
  out["disposition_id"] = control.disposition;
  out["is_alert"] = control.disposition != 1 && control.disposition != 8;
  out["status_id"] = control.action == 2 ? 2 : 1;
  const Json& policy = object_of(decision, "policy");
  OrderedJson named = {{"name", "cmdai"}};
  put(named, "uid", id_of(policy, "id"));
  put(named, "version", id_of(policy, "version"));
  out["policy"] = std::move(named);
}

}  // namespace cmdai::wire::ocsf
