#pragma once
// All plugins of the managed configuration. Without one nothing of this starts, and nothing is loaded.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cmdaid/plugin.hpp"
#include "daemon/cmdaid/plugin_port.hpp"
#include "daemon/host/event_log.hpp"
#include "daemon/host/managed.hpp"
#include "daemon/host/policy_store.hpp"

namespace cmdai::daemon {

/// Lives on the reactor's thread.
class Plugins final : public PluginPort {
 public:
  struct Hooks {
    std::function<void(const char* type, const std::string& rule, const std::string& text)> record;
    std::function<std::string()> posture;  ///< JSON
  };
  static constexpr std::chrono::seconds kLongestStart{3};  ///< the daemon waits for them before it answers
  static constexpr std::chrono::seconds kPostureEach{2};
  static constexpr std::chrono::milliseconds kFeedEach{10};

  Plugins(boost::asio::io_context& io, host::ManagedPlace place, host::PolicyStore& store,
          const host::EventLog& log, Hooks hooks);
  ~Plugins() override;
  Plugins(const Plugins&) = delete;
  Plugins& operator=(const Plugins&) = delete;

  /// Reads the configuration, starts what it names and waits for it, a few seconds at most.
  void start();
  /// The daemon ends: the last lines are theirs, then they close.
  void stop();

  bool empty() const override { return plugins_.empty(); }
  std::vector<PluginWord> decide(const ipc::Frame& question) override;
  std::optional<PluginWord> refuse(const ipc::Frame& question) override;
  std::optional<Diagnostic> reload() override;
  void status(ipc::Frame& out) const override;
  void lines_written() override;
  void look_again() override;

 private:
  void apply(const host::Managed& managed);
  void wait_for_all();
  void compile(Plugin* speaker, std::vector<PluginDocument> documents);
  void forget_closed();
  void tell_posture();
  void feed();

  host::ManagedPlace place_;
  host::PolicyStore& store_;
  Hooks hooks_;
  Plugin::Context context_;
  host::Managed managed_;
  std::optional<Diagnostic> error_;
  std::vector<std::unique_ptr<Plugin>> plugins_;
  std::vector<std::unique_ptr<Plugin>> closing_;  ///< of an entry that is gone, until their process is
  boost::asio::steady_timer feed_timer_, posture_timer_, closing_timer_;
  bool feed_waits_ = false, posture_waits_ = false;
};

}  // namespace cmdai::daemon
