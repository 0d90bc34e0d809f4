#include "daemon/cmdaid/desktop.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "daemon/host/files.hpp"
#include "daemon/host/owner_check.hpp"
#include "daemon/host/processes.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"

namespace cmdai::daemon {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// A socket of this machine out of `unix:path=…,guid=…` or `unix:abstract=…`, with its length. nullopt: it is
/// something else, or written in a way nobody writes it (dbus-daemon(1) knows %-escapes and lists).
std::optional<std::pair<sockaddr_un, socklen_t>> socket_of(const std::string& bus) {
  if (bus.find_first_of("%;") != std::string::npos) return std::nullopt;
  const bool abstract = bus.starts_with("unix:abstract=");
  if (!abstract && !bus.starts_with("unix:path=")) return std::nullopt;
  const size_t begin = bus.find('=') + 1;
  const std::string name = bus.substr(begin, bus.find(',', begin) - begin);
  sockaddr_un out{};
  if (name.empty() || name.size() + 1 >= sizeof out.sun_path) return std::nullopt;
  out.sun_family = AF_UNIX;
  std::memcpy(out.sun_path + (abstract ? 1 : 0), name.data(), name.size());
  return std::pair{out, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + 1)};
}

uint64_t number(const std::string& text) {
  uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::optional<std::string> doubt_program(const std::string& path) {
  const auto fine = host::check_owner(path, {});
  if (fine) return std::nullopt;
  return fmt::format("{} {}", path, fine.error().message);
}

}  // namespace

std::string session_bus() {
  if (std::string named = variable("DBUS_SESSION_BUS_ADDRESS"); !named.empty()) return named;
  const std::string runtime = variable("XDG_RUNTIME_DIR");
  if (!runtime.starts_with('/') || !host::exists(runtime + "/bus")) return {};
  return "unix:path=" + runtime + "/bus";
}

std::vector<std::string> desktop_environment(const std::string& bus) {
  return {"DBUS_SESSION_BUS_ADDRESS=" + bus, "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"};
}

pid_t bus_process(const std::string& bus) {
  const auto address = socket_of(bus);
  if (!address) return 0;
  const host::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto* place = reinterpret_cast<const sockaddr*>(&address->first);
  if (socket.get() < 0 || connect(socket.get(), place, address->second) != 0) return 0;
  return ipc::our_peer(socket.get()).value_or(0);
}

DesktopTrust::DesktopTrust(int64_t now) {
  const pid_t starter = static_cast<pid_t>(number(variable(ipc::kStartedBy)));
  for (const pid_t process : {getpid(), starter}) {
    const host::Evidence seen = process > 1 ? evidence_.exactly(process, now) : host::Evidence();
    if (seen.agent != nullptr)
      started_by_agent_ = fmt::format("this daemon was started by {}", seen.agent->title);
  }
}

uint64_t DesktopTrust::agent_since(pid_t process, int64_t now) {
  uint64_t since = 0;
  for (int depth = 0; process > 1 && depth < 64; ++depth) {
    const pid_t agent = evidence_.of(process, now).pid;
    const std::optional<host::Process> found = agent > 1 ? host::find_process(agent) : std::nullopt;
    if (!found) return since;
    since = number(found->birth);
    process = found->parent;
  }
  return since;
}

std::optional<std::string> DesktopTrust::doubt(const char* name, pid_t process, uint64_t agent_since,
                                               int64_t now) {
  const std::optional<host::Process> found = process > 1 ? host::find_process(process) : std::nullopt;
  if (!found) return fmt::format("{} is a process nobody can see", name);
  const host::Evidence seen = evidence_.exactly(process, now);
  if (seen.agent != nullptr)
    return fmt::format("{} (process {}) was started by {}", name, process, seen.agent->title);
  if (agent_since == 0) return "which process the agent is cannot be told";
  if (number(found->birth) >= agent_since)
    return fmt::format("{} (process {}) is younger than the agent that was stopped", name, process);
  return std::nullopt;
}

std::optional<std::string> DesktopTrust::doubt_surroundings(const DesktopPrograms& programs,
                                                            const std::string& bus, uint64_t agent_since,
                                                            int64_t now) {
  for (const std::string* path : {&programs.notify_send, &programs.dbus_send})
    if (auto why = doubt_program(*path)) return why;
  if (started_by_agent_) return started_by_agent_;
  if (auto why = doubt("this daemon", getpid(), agent_since, now)) return why;
  return doubt("the session bus", bus_process(bus), agent_since, now);
}

}  // namespace cmdai::daemon
