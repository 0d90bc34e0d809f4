#include "daemon/cli/session_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;

int64_t number_of(const Json& session, const char* key) {
  const std::string text = session.value(key, "");
  int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::string heard_of(const Json& session, int64_t now) {
  const int64_t checked = number_of(session, "last_check");
  const int64_t opened = number_of(session, "opened");
  if (checked != 0) return fmt::format("last check {} ago", duration_words(now - checked));
  if (opened != 0) return fmt::format("open for {}, no command yet", duration_words(now - opened));
  return "no command yet";
}

}  // namespace

std::string duration_words(int64_t s) {
  s = std::max<int64_t>(s, 0);
  if (s < 120) return fmt::format("{} s", s);
  if (s < 7200) return fmt::format("{} min", s / 60);
  if (s < 172800) return fmt::format("{} h", s / 3600);
  return fmt::format("{} days", s / 86400);
}

Json session_of(std::string_view text) {
  Json json;
  for (const char* key :
       {"id", "shell", "pid", "level", "transport", "last_check", "finished", "opened", "version"}) {
    const size_t end = std::min(text.find(' '), text.size());
    json[key] = text.substr(0, end) == "-" ? "" : std::string(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return json;
}

std::string session_line(const Json& session, int64_t now) {
  const auto get = [&session](const char* key) { return session.value(key, ""); };
  const auto known = [](const std::string& word) { return word.empty() ? std::string("not said") : word; };
  const std::string shell = get("shell").empty() ? get("id") : get("shell");
  std::string out = shell + (get("version").empty() ? "" : ' ' + get("version"));
  if (!get("pid").empty()) out += fmt::format(" (pid {})", get("pid"));
  out += fmt::format(": level {}, transport {}; {}", known(get("level")), known(get("transport")),
                     heard_of(session, now));
  if (const int64_t ended = number_of(session, "finished"); ended != 0)
    out += fmt::format(", {} command{} ended", ended, ended == 1 ? "" : "s");
  return out;
}

}  // namespace cmdai::cli
