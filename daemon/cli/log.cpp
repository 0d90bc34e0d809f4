// cmdai log.
#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <nlohmann/json.hpp>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/host/event_log.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/paths.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;

/// A member that should be a text; empty when it is not there or, in a line somebody changed, something else.
std::string text_of(const Json& event, const char* key) {
  const auto it = event.find(key);
  return it != event.end() && it->is_string() ? it->get<std::string>() : std::string();
}

struct Filter {
  std::string action, rule, session;
  std::optional<std::string> since;  ///< RFC 3339, compares as text
  bool ends = false;                 ///< how commands ended, too: one line for each is much to read

  bool takes(const Json& event) const {
    if (!ends && text_of(event, "type") == "finished") return false;
    if (since && text_of(event, "time") < *since) return false;
    if (!session.empty() && text_of(event, "session") != session) return false;
    if (!rule.empty()) {
      const std::string id = text_of(event, "rule");
      const bool family = rule.ends_with(".*");
      if (family ? !id.starts_with(rule.substr(0, rule.size() - 1)) : id != rule) return false;
    }
    if (action.empty()) return true;
    const std::string is = text_of(event, "action");
    return action == "stopped" ? is == "ask" || is == "block" : is == action;
  }
};

std::string timestamp(int64_t seconds) {
  const time_t time = static_cast<time_t>(seconds);
  tm parts{};
  gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.000Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string local_time(const std::string& rfc3339) {
  const auto time = parse_when(rfc3339.substr(0, 19) + 'Z', 0, 1);
  return time ? cli::local_time(*time) : explain::printable(rfc3339);
}

/// A line for people; the whole command is in the record.
std::string shortened(std::string text) {
  constexpr size_t kMost = 400;
  if (text.size() <= kMost) return text;
  size_t cut = kMost;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0U) == 0x80U) --cut;  // not inside a letter
  const size_t bytes = text.size();
  text.resize(cut);
  return text + fmt::format("… ({} bytes)", bytes);
}

/// Files an agent writes without a command: "write a.c, b.c".
std::string paths_of(const Json& writes) {
  std::string out = "write";
  for (const Json& path : writes)
    if (path.is_string()) out += (out == "write" ? " " : ", ") + path.get<std::string>();
  return out;
}

std::string for_people(const Json& event, bool color) {
  const auto text = [&event](const char* key) { return explain::printable(text_of(event, key)); };
  const std::string action = event.contains("action") ? text("action") : text("type");
  const char* code = action == "block" ? "31" : action == "ask" ? "33" : action == "warn" ? "33" : "2";
  std::string out = local_time(text_of(event, "time")) + "  ";
  out += color ? fmt::format("\x1b[{}m{:<6}\x1b[0m", code, action) : fmt::format("{:<6}", action);
  if (event.contains("actor_name")) out += " [" + text("actor_name") + "]";
  if (event.contains("command")) out += "  " + shortened(text("command"));
  if (event.contains("writes")) out += "  " + shortened(explain::printable(paths_of(event["writes"])));
  if (event.contains("rule")) out += "  (" + text("rule") + ")";
  if (event.contains("text")) out += "  " + text("text");
  return out + '\n';
}

int verify(const host::Paths& paths) {
  const host::LogReport report = host::verify_log(paths.events());
  for (const host::LogProblem& p : report.problems)
    print(p.line == 0 ? fmt::format("{}: {}\n", p.file, p.message)
                      : fmt::format("{}:{}: {}\n", p.file, p.line, p.message));
  if (!report.problems.empty())
    return complain(
        fmt::format("the record is not as it was written ({} of {} events looked at are wrong or missing)",
                    report.problems.size(), report.events),
        "", kRefused);
  print(fmt::format("{} events, nothing changed, missing or reordered\n", report.events));
  return kDone;
}

Result<Filter> filter_of(const Arguments& a) {
  Filter f;
  f.action = a.get("action");
  f.rule = a.get("rule");
  f.session = a.get("session");
  f.ends = a.has("json");
  Diagnostic d;
  if (!f.action.empty() && f.action != "allow" && f.action != "warn" && f.action != "ask" &&
      f.action != "block" && f.action != "stopped") {
    d.message = fmt::format("unknown action `{}`", explain::printable(f.action));
    d.hint = "one of allow, warn, ask, block, stopped";
    return fail(std::move(d));
  }
  if (!a.has("since")) return f;
  const auto when = parse_when(a.get("since"), now_seconds(), -1);
  if (!when) {
    d.message = fmt::format("`{}` is no time", explain::printable(a.get("since")));
    d.hint = "write 30m, 2h, 7d or 2027-01-31";
    return fail(std::move(d));
  }
  f.since = timestamp(*when);
  return f;
}

void show(const std::string& line, bool raw, bool color) {
  if (raw) return print(line + '\n');
  const Json event = Json::parse(line, nullptr, false);
  print(event.is_object() ? for_people(event, color) : explain::printable(line) + '\n');
}

uint64_t number_of(const Json& event) {
  const auto it = event.find("seq");
  return it != event.end() && it->is_number_unsigned() ? it->get<uint64_t>() : 0;
}

/// The last lines that fit, shown; `newest` becomes the number of the last event there is.
bool show_recorded(const Filter& filter, size_t most, bool raw, bool color, uint64_t& newest) {
  std::deque<std::string> last;
  for (const std::string& file : host::log_files(host::paths_from_environment().events()))
    host::for_each_line(file, [&](std::string_view line) {
      const Json event = Json::parse(line, nullptr, false);
      if (!event.is_object()) return;
      newest = std::max(newest, number_of(event));
      if (!filter.takes(event)) return;
      last.emplace_back(line);
      if (most != 0 && last.size() > most) last.pop_front();
    });
  for (const std::string& line : last) show(line, raw, color);
  return !last.empty();
}

Result<ipc::Client> subscribe() {
  const Result<std::string> path = ipc::socket_path();
  if (!path) return fail(path.error());
  auto client = ipc::connect_or_start(*path);
  if (!client) return fail(std::move(client.error().diagnostic));
  const auto reply = client->request(ipc::Frame("subscribe"));
  if (!reply) return fail(reply.error().diagnostic);
  return std::move(*client);
}

/// What was recorded, then what comes. Asked for in the other order: nothing is missed in between, and what
/// comes twice is shown once.
int follow(const Filter& filter, size_t most, bool raw, bool color) {
  Result<ipc::Client> client = subscribe();
  if (!client) return complain(client.error(), kNoAnswer);
  uint64_t newest = 0;
  show_recorded(filter, most, raw, color, newest);
  while (true) {
    auto frame = client->receive(-1);
    if (!frame) return complain(frame.error().diagnostic, kNoAnswer);
    const std::string line = frame->get("line");
    const Json event = Json::parse(line, nullptr, false);
    if (frame->type != "event" || !event.is_object() || number_of(event) <= newest) continue;
    if (filter.takes(event)) show(line, raw, color);
  }
}

}  // namespace

int run_log(const Arguments& a) {
  if (a.has("verify")) return verify(host::paths_from_environment());
  const Result<Filter> filter = filter_of(a);
  if (!filter) return complain(filter.error(), kUsage);
  size_t most = 20;
  if (a.has("lines")) {
    const std::string text = a.get("lines");
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), most);
    if (error != std::errc() || stop != text.data() + text.size())
      return complain(fmt::format("`{}` is no number of lines", explain::printable(text)), "`-n 0` shows all",
                      kUsage);
  }
  const bool color = colors(STDOUT_FILENO);
  if (a.has("follow")) return follow(*filter, most, a.has("json"), color);
  uint64_t newest = 0;
  if (!show_recorded(*filter, most, a.has("json"), color, newest))
    talk("cmdai: nothing is recorded that fits\n");
  return kDone;
}

}  // namespace cmdai::cli
