#include "enterprise/plugin/event_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "enterprise/plugin/event_identity.hpp"
#include "enterprise/plugin/json_members.hpp"
#include "enterprise/protocol/event_line.hpp"
#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/keys.hpp"

namespace cmdai::device {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr size_t kMostText = size_t{128} << 10U;

/// As it stands in the line, under another name.
void copy(const OrderedJson& from, const char* key, OrderedJson& to, const char* name) {
  if (const auto found = from.find(key); found != from.end()) to[name] = *found;
}

void put(OrderedJson& to, const char* key, std::string text) {
  if (!text.empty()) to[key] = std::move(text);
}

int confidence_of(const std::string& word) {
  if (word == "certain") return 95;
  if (word == "likely") return 75;
  if (word == "said") return 60;
  return word == "possible" ? 40 : 0;
}

OrderedJson actor_of(const OrderedJson& line, const EventContext& context) {
  OrderedJson actor{{"uid", context.uid}};
  put(actor, "user", context.user);
  put(actor, "kind", text_member(line, "actor"));
  if (const std::string word = text_member(line, "confidence"); !word.empty()) {
    actor["confidence"] = confidence_of(word);
    actor["confidence_word"] = word;
  }
  const std::string seen = text_member(line, "evidence");
  for (size_t at = 0; at < seen.size();) {
    const size_t end = std::min(seen.find(' ', at), seen.size());
    if (end > at) actor["evidence"].push_back(seen.substr(at, end - at));
    at = end + 1;
  }
  return actor;
}

OrderedJson agent_of(const OrderedJson& line) {
  OrderedJson agent = OrderedJson::object();
  if (text_member(line, "actor") == "agent" || !text_member(line, "actor_name").empty())
    put(agent, "name", text_member(line, "actor_name"));
  copy(line, "agent_version", agent, "version");
  copy(line, "agent_sub", agent, "sub");
  copy(line, "tool", agent, "tool");
  put(agent, "instance", agent.empty() ? std::string() : text_member(line, "session"));
  return agent;
}

/// What the line itself says of a command: sealed, open or not at all.
OrderedJson open_command(const OrderedJson& line) {
  OrderedJson cmd = OrderedJson::object();
  std::string text = text_member(line, "command");
  if (text.size() > kMostText) {
    cmd["truncated"] = text.size();
    text.resize(kMostText);
  }
  put(cmd, "line", text);
  copy(line, "command_b64", cmd, "line_b64");
  if (cmd.contains("truncated")) cmd.erase("line_b64");
  copy(line, "writes", cmd, "writes");
  copy(line, "cwd", cmd, "cwd");
  copy(line, "effects", cmd, "effects");
  copy(line, "parent", cmd, "parent");
  return cmd;
}

/// What no privacy level hides: which program, and whether it was the same line as another time.
OrderedJson metadata(const OrderedJson& line, const EventContext& context) {
  OrderedJson cmd = OrderedJson::object();
  const std::string text = text_member(line, "command");
  if (!text.empty()) {
    put(cmd, "argv0", program_of(text));
    cmd["line_hmac"] = wire::mac(context.tenant_key, text).hex();
  }
  if (const auto writes = line.find("writes"); writes != line.end() && writes->is_array())
    cmd["files"] = writes->size();
  copy(line, "redacted", cmd, "redactions");
  return cmd;
}

OrderedJson command_of(const OrderedJson& line, const EventContext& context, Detail detail) {
  OrderedJson cmd = metadata(line, context);
  if (detail == Detail::digest) return cmd;
  const OrderedJson open = open_command(line);
  if (context.privacy == 1) cmd.update(open);
  if (context.privacy == 2 && context.break_glass && !open.empty()) {
    OrderedJson sealed = open;
    copy(line, "reason", sealed, "reason");
    if (const auto box = wire::seal(*context.break_glass, dumped(sealed))) cmd["sealed"] = wire::to_hex(*box);
  }
  copy(line, "shell", cmd, "shell");
  if (line.contains("pid")) cmd["shell_pid"] = line["pid"];
  copy(line, "source", cmd, "source");
  return cmd;
}

OrderedJson decision_of(const OrderedJson& line, const EventContext& context, Detail detail) {
  OrderedJson decision = OrderedJson::object();
  copy(line, "action", decision, "action");
  const std::string type = text_member(line, "type");
  if (type == "answer" || type == "approval") copy(line, "text", decision, "user_response");
  if (const std::string rule = text_member(line, "rule"); !rule.empty())
    decision["rules"] = OrderedJson::array({{{"id", rule}}});
  // A reason may name what the line names.
  if (context.privacy == 1 && detail == Detail::full) copy(line, "reason", decision, "reason");
  if (const std::string policy = text_member(line, "policy"); !policy.empty())
    decision["policy"] = {{"id", policy}};
  copy(line, "us", decision, "latency_us");
  return decision;
}

OrderedJson process_of(const OrderedJson& line) {
  OrderedJson proc = OrderedJson::object();
  if (const auto parent = line.find("parent_pid"); parent != line.end()) proc["ppid"] = *parent;
  return proc;
}

/// Free text speaks of a command in these types; in the others it is the daemon's own.
bool speaks_of_commands(const std::string& type) {
  return type == "command.decision" || type == "tamper" || type == "actor.contradiction" ||
         type == "approval" || type == "answer" || type == "plugin.decision";
}

bool is_urgent(const std::string& type, const std::string& action) {
  return action == "block" || action == "ask" || type == "tamper" || type == "actor.contradiction" ||
         type == "approval" || type == "policy.failed" || type == "log.gap" || type == "plugin.report";
}

void put_object(OrderedJson& to, const char* key, OrderedJson value) {
  if (!value.empty()) to[key] = std::move(value);
}

/// `{"a":1}` without its braces.
std::string members_of(const OrderedJson& json) {
  const std::string text = dumped(json);
  return text.substr(1, text.size() - 2);
}

MappedEvent unreadable(uint64_t local_seq, std::string_view line, const EventContext& context) {
  OrderedJson json = identity_members(context, 0, line);
  json["local"] = {{"seq", local_seq}, {"hash", wire::hash(line).hex()}, {"bytes", line.size()}};
  return {"local.unreadable", members_of(json), 0, true, false};
}

}  // namespace

MappedEvent map_event(uint64_t local_seq, std::string_view line, const EventContext& context, Detail detail) {
  const OrderedJson local = OrderedJson::parse(line, nullptr, false);
  if (!local.is_object()) return unreadable(local_seq, line, context);
  const std::string type = text_member(local, "type");
  const auto time = time_of(text_member(local, "time"));
  if (!time || !is_type(type)) return unreadable(local_seq, line, context);

  OrderedJson out = identity_members(context, *time, line);
  out["local"] = {{"seq", local_seq}, {"hash", wire::hash(line).hex()}};
  copy(local, "id", out, "hook_id");
  if (detail == Detail::digest) out["digest"] = true;
  put_object(out, "cmd", command_of(local, context, detail));
  if (local.contains("actor")) out["actor"] = actor_of(local, context);
  put_object(out, "agent", agent_of(local));
  put_object(out, "proc", process_of(local));
  put_object(out, "decision", decision_of(local, context, detail));
  if (type == "finished") {
    OrderedJson result = OrderedJson::object();
    copy(local, "status", result, "exit_code");
    copy(local, "ms", result, "duration_ms");
    put_object(out, "result", std::move(result));
  }
  if (type == "tamper" || !speaks_of_commands(type) || context.privacy == 1) copy(local, "text", out, "text");
  const std::string action = text_member(local, "action");
  const bool urgent = is_urgent(type, action);
  const bool plain = type == "finished" || (type == "command.decision" && action == "allow");
  return {type, members_of(out), *time, urgent, plain && !urgent};
}

std::string own_members(const EventContext& context, int64_t time_ms, std::string_view salt,
                        std::string_view about) {
  std::string members = members_of(identity_members(context, time_ms, salt));
  if (!about.empty()) members.append(",").append(about);
  return members;
}

std::string stub_members(std::string_view type, std::string_view members, const EventContext& context,
                         int64_t time_ms) {
  OrderedJson out = identity_members(context, time_ms, members);
  out["oversize"] = {{"type", type}, {"bytes", members.size()}, {"hash", wire::hash(members).hex()}};
  const OrderedJson whole = OrderedJson::parse(fmt::format("{{{}}}", members), nullptr, false);
  if (whole.is_object() && whole.contains("decision")) out["decision"] = whole["decision"];
  if (out.contains("decision")) out["decision"].erase("reason");
  if (whole.is_object() && whole.contains("local")) out["local"] = whole["local"];
  return members_of(out);
}

std::string program_of(std::string_view line) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '+' || c == '/' || c == '@';
  };
  while (true) {
    const size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    line.remove_prefix(begin);
    const size_t end = std::min(line.find_first_of(" \t\n;|&<>()"), line.size());
    std::string_view word = line.substr(0, end);
    if (const size_t equals = word.find('='); equals != std::string_view::npos) {  // VARIABLE=… before it
      if (word.find_first_of("'\"`$\\") != std::string_view::npos) return {};
      line.remove_prefix(end);
      continue;
    }
    if (word.empty() || word.size() > 256 || !std::all_of(word.begin(), word.end(), is_plain)) return {};
    if (const size_t slash = word.rfind('/'); slash != std::string_view::npos) word.remove_prefix(slash + 1);
    return std::string(word.substr(0, 64));
  }
}

}  // namespace cmdai::device
