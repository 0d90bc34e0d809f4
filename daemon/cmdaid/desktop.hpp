#pragma once
// The desktop of the person whose daemon this is: its session bus, the programs that speak to it, and whether
// a choice that comes from there can be the person's. Evidence, no proof: an agent is the same user.
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/host/actor_evidence.hpp"

namespace cmdai::daemon {

struct DesktopPrograms {
  std::string notify_send = "/usr/bin/notify-send";  ///< of libnotify-bin
  std::string dbus_send = "/usr/bin/dbus-send";      ///< of dbus
};

/// The address of the session bus, by the daemon's environment; empty: there is none.
std::string session_bus();
/// All that a program gets of the daemon's environment.
std::vector<std::string> desktop_environment(const std::string& bus);

/// The process that listens at the bus's address; 0: nobody, or no address of this machine.
pid_t bus_process(const std::string& bus);

/// Not thread-safe. What an agent could have put in the place of what belongs to the person.
class DesktopTrust {
 public:
  /// Looks at who started this daemon while that can still be seen: make it early.
  explicit DesktopTrust(int64_t now);
  /// Since when the agent can have done something: the birth of the outermost agent above and at `process`.
  /// 0: not known.
  uint64_t agent_since(pid_t process, int64_t now);
  /// Why the process cannot be taken for the person's own; nullopt: no agent is behind it, and it was there
  /// before the agent was. `name`: what to call it.
  std::optional<std::string> doubt(const char* name, pid_t process, uint64_t agent_since, int64_t now);
  /// The same of the programs, of the bus, and of this daemon.
  std::optional<std::string> doubt_surroundings(const DesktopPrograms& programs, const std::string& bus,
                                                uint64_t agent_since, int64_t now);

 private:
  host::ActorEvidence evidence_;
  std::optional<std::string> started_by_agent_;
};

}  // namespace cmdai::daemon
