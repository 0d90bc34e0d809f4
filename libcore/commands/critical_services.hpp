#pragma once
// Services whose end locks people out of a machine, blinds it or leaves it unguarded, by any service manager.
#include <string_view>

namespace cmdai::commands {

/// A unit, a launchd label or the path of either: `ssh.service`, `system/com.example.agent`, `/…/x.plist`; or
/// a pattern that fits one, `ssh*`.
bool is_critical_service(std::string_view unit);

/// Agents that guard machines, by the whole words of their names: redis-sentinel is none.
bool is_security_agent(std::string_view unit);

/// A process, or the pattern pkill is given for one, whose end is the end of such a service.
bool is_critical_process(std::string_view name);

}  // namespace cmdai::commands
