#include "enterprise/protocol/ocsf.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "enterprise/protocol/event_line.hpp"
#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/ocsf_parts.hpp"

namespace cmdai::wire {
namespace {

using namespace ocsf;

using Details = void (*)(const Json& event, OrderedJson& out);

/// script: what was to be run. Without its text (privacy level 0 or 2) the program's name stands for it.
void add_script(const Json& event, OrderedJson& out) {
  const Json& cmd = object_of(event, "cmd");
  std::string content = text_of(cmd, "line");
  if (content.empty()) content = text_of(cmd, "argv0");
  OrderedJson text = {{"value", content}};
  copy_number(cmd, "truncated", text, "untruncated_size");
  if (text.contains("untruncated_size")) text["is_truncated"] = true;
  out["script"] = {{"type_id", 6}, {"script_content", std::move(text)}};
  add_security_control(event, out);
}

void add_folded(const Json& event, OrderedJson& out) {
  const Json& folded = object_of(event, "folded");
  add_script(event, out);
  copy_number(folded, "count", out, "count");
  copy_number(folded, "from_ms", out, "start_time");
  copy_number(folded, "to_ms", out, "end_time");
}

/// The process of a line is the shell's business and not known; the id of its decision names it.
void add_process_end(const Json& event, OrderedJson& out) {
  const Json& result = object_of(event, "result");
  std::string uid = text_of(event, "hook_id");
  if (uid.empty()) uid = text_of(event, "event_uid");
  out["process"] = {{"uid", uid}};
  copy_number(result, "exit_code", out, "exit_code");
  copy_number(result, "duration_ms", out, "duration");
}

void add_finding(const Json& event, OrderedJson& out) {
  const std::string type = text_of(event, "type");
  OrderedJson info = {
      {"uid", text_of(event, "event_uid")}, {"title", type}, {"types", OrderedJson::array({type})}};
  if (const std::string text = text_of(event, "text"); !text.empty()) info["desc"] = text;
  out["finding_info"] = std::move(info);
  out["is_alert"] = true;
  out["status_id"] = 1;  // new
}

void add_app(const Json& event, OrderedJson& out) {
  out["app"] = {{"name", "cmdaid"}, {"vendor_name", "cmdai"}};
  put(out["app"], "version", text_of(object_of(event, "daemon"), "version"));
}

void add_entity(const Json& event, OrderedJson& out) {
  const Json& from = object_of(event, "device");
  OrderedJson entity = {{"type_id", 1}, {"type", "Device"}, {"device", device(event)}};
  put(entity, "name", text_of(from, "host"));
  put(entity, "uid", text_of(from, "id"));
  out["entity"] = std::move(entity);
}

void add_nothing(const Json&, OrderedJson&) {}

struct Class {
  int category, uid, activity;
  int severity;  ///< at least
  const char* profile;
  Details details;
};
constexpr Class kScript{1, 1009, 1, 1, "security_control", add_script};
constexpr Class kFolded{1, 1009, 1, 1, "security_control", add_folded};
constexpr Class kProcessEnd{1, 1007, 2, 1, nullptr, add_process_end};
constexpr Class kSettings{5, 5019, 1, 1, nullptr, add_nothing};
constexpr Class kStart{6, 6002, 3, 1, nullptr, add_app};
constexpr Class kStop{6, 6002, 4, 1, nullptr, add_app};
constexpr Class kUpdated{3, 3004, 3, 1, nullptr, add_entity};
constexpr Class kEnrolled{3, 3004, 6, 1, nullptr, add_entity};
constexpr Class kUnenrolled{3, 3004, 7, 2, nullptr, add_entity};
constexpr Class kAny{0, 0, 99, 1, nullptr, add_nothing};
constexpr Class finding(int severity) { return {2, 2004, 1, severity, nullptr, add_finding}; }

struct Row {
  std::string_view type;
  Class ocsf;
};
constexpr Row kRows[] = {
    {"command.decision", kScript},
    {"plugin.decision", kScript},
    {"answer", kScript},
    {"approval", kScript},
    {"command.folded", kFolded},
    {"finished", kProcessEnd},
    {"policy.loaded", kSettings},
    {"policy.failed", finding(3)},
    {"policy.refused", finding(4)},
    {"policy.stale", finding(3)},
    {"policy.damaged", finding(4)},
    {"receipt.damaged", finding(4)},
    {"state.damaged", finding(4)},
    {"daemon.start", kStart},
    {"daemon.stop", kStop},
    {"device.enrolled", kEnrolled},
    {"device.rekeyed", kUpdated},
    {"device.revoked", kUnenrolled},
    {"tamper", finding(4)},
    {"actor.contradiction", finding(3)},
    {"chain.gap", finding(3)},
    {"chain.ahead", finding(4)},
    {"log.gap", finding(3)},
    {"local.gap", finding(3)},
    {"local.unreadable", finding(3)},
    {"spool.damaged", finding(4)},
    {"spool.left", finding(3)},
    {"collector.inconsistent", finding(5)},
    {"command.refused", finding(3)},
};

const Class& class_of(std::string_view type) {
  static constexpr Class kOther = kAny;
  const auto* row = std::ranges::find(kRows, type, &Row::type);
  return row == std::end(kRows) ? kOther : row->ocsf;
}

/// host, where device and actor stand; and those of class and version.
std::vector<std::string> profiles_of(const Class& ocsf, bool agent) {
  std::vector<std::string> out = {"host"};
  if (ocsf.profile) out.emplace_back(ocsf.profile);
  if (agent) out.emplace_back("ai_operation");
  return out;
}

}  // namespace

Result<std::string> to_ocsf(std::string_view event_line, OcsfVersion version) {
  if (const auto head = read_event_head(event_line); !head) return tl::unexpected<Refusal>(head.error());
  const auto event = parse_object(event_line, kMaxEvent);
  if (!event) return tl::unexpected<Refusal>(event.error());
  const Class& ocsf = class_of(text_of(*event, "type"));
  OrderedJson agent =
      version == OcsfVersion::v1_9 && ocsf.category == 1 ? ai_agent(*event) : OrderedJson(nullptr);
  OrderedJson out;
  out["class_uid"] = ocsf.uid;
  out["category_uid"] = ocsf.category;
  out["activity_id"] = ocsf.activity;
  out["type_uid"] = ocsf.uid * 100 + ocsf.activity;
  if (ocsf.activity == 99) out["activity_name"] = text_of(*event, "type");
  out["severity_id"] = std::max(ocsf.severity, severity_of(*event));
  out["time"] = 0;
  copy_number(*event, "time_ms", out, "time");
  if (std::string reason = text_of(object_of(*event, "decision"), "reason"); !reason.empty())
    out["message"] = std::move(reason);
  out["metadata"] = metadata(*event, version, profiles_of(ocsf, !agent.is_null()));
  out["device"] = device(*event);
  out["actor"] = actor(*event);
  if (!agent.is_null()) out["ai_agent"] = std::move(agent);
  ocsf.details(*event, out);
  out["unmapped"] = unmapped(*event, event_line, version);
  return dump(out);
}

}  // namespace cmdai::wire
