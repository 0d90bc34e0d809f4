#include "libcore/audit/event.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "libcore/base/unicode.hpp"

namespace cmdai::audit {
namespace {

using Json = nlohmann::ordered_json;

/// With zeros before it, and what stands behind.
void put_digits(std::string& out, int64_t number, size_t width, char behind) {
  const fmt::format_int digits(number);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out.append(digits.data(), digits.size()) += behind;
}

/// RFC 3339 in UTC, milliseconds.
std::string timestamp(int64_t time_ms) {
  const std::time_t seconds = static_cast<std::time_t>(time_ms / 1000 - (time_ms % 1000 < 0 ? 1 : 0));
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::string out;
  out.reserve(32);
  put_digits(out, parts.tm_year + 1900, 4, '-');
  put_digits(out, parts.tm_mon + 1, 2, '-');
  put_digits(out, parts.tm_mday, 2, 'T');
  put_digits(out, parts.tm_hour, 2, ':');
  put_digits(out, parts.tm_min, 2, ':');
  put_digits(out, parts.tm_sec, 2, '.');
  put_digits(out, time_ms - static_cast<int64_t>(seconds) * 1000, 3, 'Z');
  return out;
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

/// Written without a way out of the loop, so that the compiler takes sixteen characters at once.
bool needs_no_escape(std::string_view text) {
  unsigned other = 0;
  for (const char c : text) other |= static_cast<unsigned>(c < ' ' || c > '~' || c == '"' || c == '\\');
  return other == 0;
}

/// A JSON object, written as it comes: every answer waits for its line, and a tree of it first cost more than
/// all else of the line. What has to be escaped is left to the library.
class Object {
 public:
  Object() { out_.reserve(1024); }
  /// Nothing, when it is empty.
  void put(std::string_view key, std::string_view value) {
    if (!value.empty()) put_whole(key, value);
  }
  void put_whole(std::string_view key, std::string_view value) {
    raw(key);
    add(value);
  }
  template <typename T>
    requires std::is_integral_v<T>
  void put_number(std::string_view key, T value) {
    raw(key);
    out_ += fmt::format_int(value).c_str();
  }
  void put_strings(std::string_view key, const std::vector<std::string>& values) {
    raw(key);
    char before = '[';
    for (const std::string& value : values) {
      out_ += before;
      add(value);
      before = ',';
    }
    out_ += ']';
  }
  void put_json(std::string_view key, const Json& value) {
    raw(key);
    out_ += value.dump();
  }
  std::string finish() {
    out_ += '}';
    return std::move(out_);
  }

 private:
  void raw(std::string_view key) {
    out_ += out_.empty() ? '{' : ',';
    out_ += '"';
    out_.append(key) += '"';
    out_ += ':';
  }
  void add(std::string_view value) {
    if (needs_no_escape(value)) {
      out_ += '"';
      out_.append(value) += '"';
    } else {
      out_ += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
    }
  }
  std::string out_;
};

void put_command(Object& json, const std::string& command) {
  if (command.empty()) return;
  std::vector<Redaction> found;
  const std::string safe = redact(command, &found);
  json.put("command", safe);
  if (!needs_no_escape(safe) && !is_utf8(safe)) json.put("command_b64", base64(safe));
  if (found.empty()) return;
  Json list = Json::array();
  for (const Redaction& r : found) list.push_back({{"kind", r.kind}, {"count", r.count}});
  json.put_json("redacted", list);
}

void put_redacted(Object& json, std::string_view key, const std::vector<std::string>& values) {
  std::vector<std::string> list;
  for (const std::string& value : values) list.push_back(redact(value));
  json.put_strings(key, list);
}

void put_observed(Object& json, const std::vector<ObservedRule>& observed) {
  Json list = Json::array();
  for (const ObservedRule& o : observed)
    list.push_back({{"rule", o.rule}, {"action", o.action}, {"mode", o.mode}});
  json.put_json("observed", list);
}

}  // namespace

std::string to_line(const Event& event, ChainHead& head) {
  Object json;
  json.put_number("v", 1);
  json.put_number("seq", head.seq + 1);
  json.put("time", timestamp(event.time_ms));
  json.put_whole("type", event.type);
  json.put("id", event.id);
  json.put("action", event.action);
  json.put("rule", event.rule);
  json.put("reason", event.reason);
  put_command(json, event.command);
  if (!event.writes.empty()) put_redacted(json, "writes", event.writes);
  json.put("shell", event.shell);
  json.put("cwd", redact(event.cwd));
  json.put("session", event.session);
  json.put("actor", event.actor);
  json.put("actor_name", event.actor_name);
  json.put("confidence", event.confidence);
  json.put("evidence", redact(event.evidence));
  json.put("agent_version", redact(event.agent_version));
  json.put("agent_sub", redact(event.agent_sub));
  json.put("tool", redact(event.tool));
  json.put("source", event.source);
  if (event.pid != 0) json.put_number("pid", event.pid);
  if (event.parent_pid != 0) json.put_number("parent_pid", event.parent_pid);
  json.put("parent", redact(event.parent));
  if (!event.effects.empty()) put_redacted(json, "effects", event.effects);
  json.put("mode", event.mode);
  if (!event.observed.empty()) put_observed(json, event.observed);
  json.put("allowed_by", redact(event.allowed_by));
  json.put("allowed_layer", event.allowed_layer);
  if (event.exit_status) json.put_number("status", *event.exit_status);
  if (event.duration_ms) json.put_number("ms", *event.duration_ms);
  if (event.latency_us) json.put_number("us", *event.latency_us);
  json.put("policy", event.policy);
  json.put("text", redact(event.text));
  json.put_whole("prev", head.hash);
  std::string line = json.finish();
  head.seq += 1;
  head.hash = hash_line(line);
  return line;
}

}  // namespace cmdai::audit
