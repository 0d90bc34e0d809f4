// cmdai-audit, run as `cmdai audit`: what left this machine for the collector, and how the device stands.
#include <fmt/format.h>
#include <sodium.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "enterprise/plugin/audit_sent.hpp"
#include "enterprise/plugin/event_identity.hpp"
#include "enterprise/plugin/managed_settings.hpp"
#include "enterprise/plugin/settings.hpp"
#include "enterprise/plugin/status_file.hpp"

namespace {

using namespace cmdai::device;

constexpr int kUsage = 2;

constexpr const char* kHelp = R"(usage: cmdai audit sent [--since WHEN] [--raw]
       cmdai audit status

What leaves this machine for your organization's collector, and how the connection stands.

  sent              every request: when, where to, what was in it, what was answered
    --since WHEN    only those since then: 30m, 2h, 3d, or 2026-01-31, or 2026-01-31T12:00:00.000Z
    --raw           as it went over the wire, packed bodies and all
  status            enrollment, tenant, policy, privacy level, what waits, what the assurance level means
  --plugin NAME     name of the plugin in the managed configuration (enterprise)
  --state DIR       its directory, instead of the one that follows from the name
)";

struct Options {
  std::string command, plugin = "enterprise", state;
  int64_t since_ms = 0;
  bool raw = false;
};

int complain(const std::string& text, const char* hint, int status) {
  fmt::print(stderr, "error: {}\n", text);
  if (hint != nullptr) fmt::print(stderr, "hint: {}\n", hint);
  return status;
}

std::optional<int64_t> when(std::string_view text) {
  if (const auto exact = time_of(text)) return exact;
  if (const auto day = time_of(std::string(text) + "T00:00:00.000Z")) return day;
  int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end + 1 != text.data() + text.size() || count < 0 || count > 100'000)
    return std::nullopt;
  const int64_t unit = *end == 'm' ? 60'000 : *end == 'h' ? 3'600'000 : *end == 'd' ? 86'400'000 : 0;
  if (unit == 0) return std::nullopt;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count() - count * unit;
}

/// The text of what is wrong; empty: nothing.
std::string read(const std::vector<std::string>& words, Options& out) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool takes = word == "--since" || word == "--plugin" || word == "--state";
    if (takes && i + 1 == words.size()) return "`" + word + "` takes a value";
    if (word == "--raw") {
      out.raw = true;
    } else if (word == "--since") {
      const auto time = when(words[++i]);
      if (!time) return "`" + words[i] + "` is no time";
      out.since_ms = *time;
    } else if (word == "--plugin") {
      out.plugin = words[++i];
    } else if (word == "--state") {
      out.state = words[++i];
    } else if (out.command.empty() && (word == "sent" || word == "status")) {
      out.command = word;
    } else {
      return "`" + word + "` is not known here";
    }
  }
  if (out.command.empty()) return "`sent` or `status` is missing";
  if (out.state.empty()) out.state = state_directory(out.plugin);
  return {};
}

int sent(const Options& options) {
  auto disk = open_disk(options.state);
  if (!disk)
    return complain(disk.error().text, "is the enterprise plugin provisioned? `cmdai status` says so", 1);
  uint64_t unreadable = 0;
  size_t shown = 0;
  for (const char* name : {kSentBeforeFile, kSentFile}) {
    const auto bytes = (*disk)->read(name, size_t{4} << 30U);
    if (!bytes && bytes.error().kind == Problem::Kind::missing) continue;
    if (!bytes) return complain(bytes.error().text, nullptr, 1);
    for (const SentRecord& record : read_sent(*bytes, &unreadable)) {
      if (record.time_ms < options.since_ms) continue;
      const std::string text = options.raw ? raw(record) + "\n" : readable(record);
      std::fwrite(text.data(), 1, text.size(), stdout);
      ++shown;
    }
  }
  if (shown == 0) fmt::print(stderr, "nothing was sent\n");
  if (unreadable > 0) fmt::print(stderr, "note: {} places of the journal cannot be read\n", unreadable);
  return 0;
}

int status(const Options& options) {
  const auto text = read_small_file(options.state + "/" + kStatusFile);
  if (!text) return complain("the enterprise plugin has not run here", "`cmdai status` lists the plugins", 1);
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_array()) return complain("`" + options.state + "/status` cannot be read", nullptr, 1);
  for (const auto& line : json)
    if (line.is_array() && line.size() == 2 && line[0].is_string() && line[1].is_string())
      fmt::print("{:<11} {}\n", line[0].get<std::string>(), line[1].get<std::string>());
  fmt::print(
      "\nL1: plugin and keys belong to your account. What the collector has received cannot be changed any "
      "more,\n"
      "and what waits here cannot be changed unnoticed. Whoever runs programs as you can stop cmdai: that "
      "is\n"
      "noticed at the collector, not prevented.\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) return 1;
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    fmt::print("{}", kHelp);
    return words.empty() ? kUsage : 0;
  }
  Options options;
  if (const std::string wrong = read(words, options); !wrong.empty())
    return complain(wrong, "`cmdai audit --help`", kUsage);
  return options.command == "sent" ? sent(options) : status(options);
}
