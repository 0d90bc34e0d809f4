#pragma once
// What the service asks of plugins; it knows no processes.
#include <optional>
#include <string>
#include <vector>

#include "daemon/ipc/frame.hpp"
#include "libcore/base/diagnostic.hpp"
#include "libcore/policy/verdict.hpp"

namespace cmdai::daemon {

/// What a plugin adds to a verdict, or says against an approval.
struct PluginWord {
  policy::Action action = policy::Action::allow;
  std::string rule;  ///< plugin.NAME or plugin.NAME.RULE
  std::string reason, hint;
};

class PluginPort {
 public:
  virtual ~PluginPort() = default;
  /// Nobody is to be asked.
  virtual bool empty() const = 0;
  /// `question`: a `decide` frame of daemon/ipc/plugin_frames.hpp without its number. Gates and failures that
  /// stop are in it, too.
  virtual std::vector<PluginWord> decide(const ipc::Frame& question) = 0;
  /// The same with an `approve` frame; nullopt: nobody objects.
  virtual std::optional<PluginWord> refuse(const ipc::Frame& question) = 0;
  /// Reads the managed configuration again; what is wrong with it, and then the last good one counts.
  virtual std::optional<Diagnostic> reload() = 0;
  /// Adds `managed` and `plugin.N.*`.
  virtual void status(ipc::Frame& out) const = 0;
  /// The event log has grown.
  virtual void lines_written() = 0;
  /// What posture() would say may have changed.
  virtual void look_again() = 0;
};

}  // namespace cmdai::daemon
