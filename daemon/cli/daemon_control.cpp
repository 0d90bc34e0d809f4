// cmdai start, stop, reload, status.
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>

#include "daemon/cli/daemon_call.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/notify_words.hpp"
#include "daemon/cli/plugin_words.hpp"
#include "daemon/cli/session_words.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/host/build_id.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;

int64_t integer(const std::string& text) {
  int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

/// Until the process is gone (a zombie is); what the connection's end cannot tell: it comes a little before.
void wait_for_end(pid_t pid) {
  constexpr int kLongest = 5000;  // milliseconds
#ifdef __linux__
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));  // pidfd_open(2), Linux 5.3
  if (handle < 0) return;
  pollfd end{handle, POLLIN, 0};
  while (::poll(&end, 1, kLongest) < 0 && errno == EINTR) {
  }
  ::close(handle);
#else
  for (int waited = 0; ::kill(pid, 0) == 0 && waited < kLongest; ++waited) ::usleep(1000);
#endif
}

struct HookLine {
  std::string agent, state, file;
};
/// "AGENT STATE PATH"; a path may hold blanks.
HookLine hook_line(const std::string& value) {
  const size_t first = std::min(value.find(' '), value.size());
  const size_t second = std::min(value.find(' ', first + 1), value.size());
  const auto part = [&value](size_t begin, size_t end) {
    return begin >= value.size() ? std::string() : value.substr(begin, end - begin);
  };
  return {part(0, first), part(first + 1, second), part(second + 1, value.size())};
}

Json json_of(const ipc::Frame& status) {
  Json json;
  Json sessions = Json::array();
  Json warnings = Json::array();
  Json hooks = Json::array();
  for (const auto& [key, value] : status.fields) {
    if (key.starts_with("session.")) {
      sessions.push_back(session_of(value));
      continue;
    }
    if (key.starts_with("hook.")) {
      const HookLine hook = hook_line(value);
      hooks.push_back({{"agent", hook.agent}, {"state", hook.state}, {"file", hook.file}});
      continue;
    }
    if (key == "policy_warning") {
      warnings.push_back(value);
      continue;
    }
    if (key.starts_with("plugin.") || key == "managed") continue;
    long number = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc() && stop == value.data() + value.size() && !value.empty() && key != "policy" &&
        key != "version" && key != "build")
      json[key] = number;
    else
      json[key] = value;
  }
  json["warnings"] = std::move(warnings);
  json["sessions"] = std::move(sessions);
  json["hooks"] = std::move(hooks);
  json["managed"] = managed_files(status);
  json["plugins"] = plugins_json(status);
  return json;
}

}  // namespace

Result<ipc::Frame> call_daemon(const ipc::Frame& frame, bool start) {
  const Result<std::string> path = ipc::socket_path();
  if (!path) return fail(path.error());
  auto client = start ? ipc::connect_or_start(*path) : ipc::Client::connect(*path);
  if (!client) return fail(std::move(client.error().diagnostic));
  auto reply = client->request(frame);
  if (!reply) return fail(std::move(reply.error().diagnostic));
  return std::move(*reply);
}

std::string other_build(const ipc::Frame& status) {
  const std::string version = status.get("version");
  const std::string build = status.get("build", "unknown");  // those before this key did not say
  if (version == CMDAI_VERSION && build == host::build_id()) return {};
  return fmt::format("the daemon is of another build (version {}, build {}) than this program ({}, {})",
                     explain::printable(version), explain::printable(build), CMDAI_VERSION, host::build_id());
}

int run_start(const Arguments&) {
  const Result<std::string> path = ipc::socket_path();
  if (!path) return complain(path.error(), kNoAnswer);
  const bool ran = ipc::Client::connect(*path).has_value();
  auto client = ipc::connect_or_start(*path);
  if (!client) return complain(client.error().diagnostic, kNoAnswer);
  ipc::Frame hello("hello");
  const auto reply = client->request(hello.add("client", "cmdai"));
  if (!reply) return complain(reply.error().diagnostic, kNoAnswer);
  print(fmt::format("cmdaid {} {} (pid {})\n", reply->get("version"), ran ? "runs already" : "started",
                    reply->get("pid")));
  return kDone;
}

int run_stop(const Arguments&) {
  const Result<std::string> path = ipc::socket_path();
  if (!path) return complain(path.error(), kNoAnswer);
  auto client = ipc::Client::connect(*path);
  if (!client && client.error().kind == ipc::ClientError::Kind::nobody) {
    print("cmdaid does not run\n");
    return kDone;
  }
  if (!client) return complain(client.error().diagnostic, kNoAnswer);
  const auto reply = client->request(ipc::Frame("stop"));
  if (!reply) return complain(reply.error().diagnostic, kNoAnswer);
  // The connection ends when its process does: everything is written then.
  while (client->receive(5000)) {
  }
  const std::string id = reply->get("pid");
  pid_t pid = 0;
  std::from_chars(id.data(), id.data() + id.size(), pid);
  if (pid > 0) wait_for_end(pid);
  print("cmdaid ended\n");
  return kDone;
}

int run_reload(const Arguments&) {
  const auto reply = call_daemon(ipc::Frame("reload"));
  if (!reply) return complain(reply.error(), kNoAnswer);
  if (reply->type != "ok") {
    talk(reply->get("text") + "\nthe last good policy stays in force\n");
    return kUsage;
  }
  print(fmt::format("{} rules, policy {}\n", reply->get("rules"), reply->get("policy")));
  if (const std::string* broken = reply->find("managed_error")) {
    talk(fmt::format("{}\nthe last good managed configuration stays in force\n", *broken));
    return kUsage;
  }
  return kDone;
}

int run_status(const Arguments& a) {
  const auto reply = call_daemon(ipc::Frame("status"), false);
  if (!reply) return complain(reply.error(), kNoAnswer);
  if (a.has("json")) {
    Json json = json_of(*reply);
    json["other_build"] = other_build(*reply);
    print(json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
    return kDone;
  }
  const auto get = [&reply](const char* key) { return reply->get(key); };
  print(fmt::format("cmdaid {} has run for {} (pid {}), {} connection{}\n", get("version"),
                    duration_words(integer(get("uptime"))), get("pid"), get("connections"),
                    get("connections") == "1" ? "" : "s"));
  print(
      fmt::format("  socket    {}\n  policy    {}, {} rules\n  checks    {}, of which {} stopped; {} us "
                  "(p50), {} us (p99)\n  record    {}\n",
                  get("socket"), get("policy"), get("rules"), get("checks"), get("stopped"), get("p50_us"),
                  get("p99_us"), get("log")));
  if (const std::string line = notify_words(*reply).line; !line.empty())
    print(fmt::format("  notify    {}\n", line));
  print(plugin_lines(*reply));
  std::vector<std::string> sessions;
  for (const auto& [key, value] : reply->fields) {
    if (key == "policy_warning") print("  warning   " + value + '\n');
    if (key.starts_with("session.")) sessions.push_back(session_line(session_of(value), now_seconds()));
  }
  print(fmt::format("  sessions  {}\n", sessions.size()));
  for (const std::string& line : sessions) print(fmt::format("    {}\n", explain::printable(line)));
  for (const auto& [key, value] : reply->fields)
    if (const HookLine hook = hook_line(value); key.starts_with("hook.") && hook.state != "guarded")
      print(fmt::format("\n{} is not guarded by {} any more: {}\nhint: cmdai agents install {}\n", hook.agent,
                        explain::printable(hook.file), hook.state == "none" ? "the hook is gone" : hook.state,
                        hook.agent));
  if (reply->find("policy_error") != nullptr)
    print(fmt::format("\na policy file is broken, the last good policy stays in force:\n{}\n",
                      get("policy_error")));
  if (const std::string other = other_build(*reply); !other.empty())
    print(fmt::format("\n{}\nhint: {}\n", other, kReplaceDaemon));
  if (reply->find("log_error") != nullptr)
    print(fmt::format("\ndecisions are not recorded ({} lost):\n{}\n", get("lost"), get("log_error")));
  return kDone;
}

}  // namespace cmdai::cli
