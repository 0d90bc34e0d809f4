#include "libcore/audit/event.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "libcore/base/unicode.hpp"

namespace cmdai::audit {
namespace {

using Json = nlohmann::ordered_json;

/// RFC 3339 in UTC, milliseconds.
std::string timestamp(int64_t time_ms) {
  const std::time_t seconds = static_cast<std::time_t>(time_ms / 1000 - (time_ms % 1000 < 0 ? 1 : 0));
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     time_ms - static_cast<int64_t>(seconds) * 1000);
}

bool is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (!c.valid) return false;
    at += c.size;
  }
  return true;
}

std::string base64(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the terminating NUL
  return out;
}

void put(Json& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}

void put_command(Json& json, const std::string& command) {
  if (command.empty()) return;
  std::vector<Redaction> found;
  const std::string safe = redact(command, &found);
  json["command"] = safe;
  if (!is_utf8(safe)) json["command_b64"] = base64(safe);
  if (found.empty()) return;
  Json list = Json::array();
  for (const Redaction& r : found) list.push_back({{"kind", r.kind}, {"count", r.count}});
  json["redacted"] = std::move(list);
}

}  // namespace

std::string to_line(const Event& event, ChainHead& head) {
  Json json;
  json["v"] = 1;
  json["seq"] = head.seq + 1;
  json["time"] = timestamp(event.time_ms);
  json["type"] = event.type;
  put(json, "id", event.id);
  put(json, "action", event.action);
  put(json, "rule", event.rule);
  put(json, "reason", event.reason);
  put_command(json, event.command);
  put(json, "shell", event.shell);
  put(json, "cwd", redact(event.cwd));
  put(json, "session", event.session);
  put(json, "actor", event.actor);
  put(json, "actor_name", event.actor_name);
  put(json, "source", event.source);
  if (event.pid != 0) json["pid"] = event.pid;
  if (!event.effects.empty()) {
    Json list = Json::array();
    for (const std::string& e : event.effects) list.push_back(redact(e));
    json["effects"] = std::move(list);
  }
  if (event.exit_status) json["status"] = *event.exit_status;
  if (event.duration_ms) json["ms"] = *event.duration_ms;
  if (event.latency_us) json["us"] = *event.latency_us;
  put(json, "policy", event.policy);
  put(json, "text", redact(event.text));
  json["prev"] = head.hash;
  std::string line = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  head.seq += 1;
  head.hash = hash_line(line);
  return line;
}

}  // namespace cmdai::audit
