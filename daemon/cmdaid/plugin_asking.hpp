#pragma once
// The frames plugins are asked with, and their words put into a verdict.
#include <string>
#include <vector>

#include "daemon/cmdaid/plugin_port.hpp"
#include "daemon/ipc/frame.hpp"
#include "libcore/audit/event.hpp"
#include "libcore/engine.hpp"

namespace cmdai::daemon {

/// A `decide` frame. `event`: as it would be recorded; what is redacted only there is said plainly here.
ipc::Frame decide_question(const ipc::Frame& request, const audit::Event& event, const Decision& decision,
                           const std::string& policy, int64_t now_ms, bool recorded);

/// Makes the verdict as strict as the strictest of them; what is not stricter changes nothing. True: it
/// changed.
bool tighten(Decision& decision, const std::vector<PluginWord>& words);

/// What is known of a stop that somebody wants to lift.
struct Lifted {
  std::string kind;  ///< code, yes, always
  std::string id, command, cwd, session, actor;
  std::string rule, reason;
  pid_t pid = 0;  ///< who says so; 0: not known
};
/// An `approve` frame.
ipc::Frame approve_question(const Lifted& lifted, int64_t now_ms);

}  // namespace cmdai::daemon
