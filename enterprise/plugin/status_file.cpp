#include "enterprise/plugin/status_file.hpp"

#include <fmt/format.h>

#include <ctime>
#include <nlohmann/json.hpp>

namespace cmdai::device {
namespace {

std::string_view spool_text(Recorder::Mode mode) {
  switch (mode) {
    case Recorder::Mode::ok: return "ok";
    case Recorder::Mode::digest: return "nearly full: rules and decisions only, plain events folded";
    case Recorder::Mode::full: return "full";
    case Recorder::Mode::broken: return "cannot be written";
  }
  return "";
}

std::string_view privacy_text(int level) {
  if (level == 0) return "0: program, rule and decision, no command lines";
  if (level == 1) return "1: command lines with secrets taken out";
  return "2: command lines sealed, to be opened by the organization's break-glass key alone";
}

}  // namespace

std::string time_text(int64_t time_ms) {
  if (time_ms == 0) return "never";
  const std::time_t seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::vector<std::pair<std::string, std::string>> status_lines(const DeviceStatus& status) {
  std::vector<std::pair<std::string, std::string>> lines{
      {"collector", status.collector},
      {"tenant", status.tenant},
      {"enrolled", status.enrolled ? "yes, device " + status.device : "no"},
      {"policy", status.policy == 0
                     ? "none"
                     : fmt::format("{}{}", status.policy, status.policy_stale ? ", out of date" : "")},
      {"privacy", std::string(privacy_text(status.privacy))},
      {"waiting", fmt::format("{} events, {} KiB in the spool", status.waiting, status.spool_bytes >> 10U)},
      {"spool", std::string(spool_text(status.mode))},
      {"contact", time_text(status.last_contact_ms)},
      {"assurance", "L1"}};
  for (const std::string& text : status.troubles) lines.emplace_back("trouble", text);
  return lines;
}

Result<void> store_status(Disk& disk, const DeviceStatus& status, int64_t now_ms) {
  static std::string last;
  static int64_t written = 0;
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (auto& [key, value] : status_lines(status)) json.push_back({key, value});
  const std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (text == last || (now_ms >= written && now_ms - written < 1000)) return {};
  last = text;
  written = now_ms;
  auto file = disk.create("status.new");
  if (!file) return fail(file.error());
  // Not synced: it is only for who looks now.
  if (auto done = (*file)->append(text + "\n"); !done) return done;
  return disk.rename("status.new", kStatusFile);
}

}  // namespace cmdai::device
