#pragma once
// One plugin as the daemon sees it: started, asked, fed with the record, and started anew when it ends.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/cmdaid/plugin_link.hpp"
#include "daemon/cmdaid/plugin_port.hpp"
#include "daemon/host/event_log.hpp"
#include "daemon/host/log_reader.hpp"
#include "daemon/host/managed.hpp"
#include "daemon/host/paths.hpp"

namespace cmdai::daemon {

struct PluginDocument {
  std::string kind;  ///< settings, rules, groups
  std::string name, text;
  friend bool operator==(const PluginDocument&, const PluginDocument&) = default;
};

class Plugin {
 public:
  /// What all plugins share; it outlives them.
  struct Context {
    boost::asio::io_context& io;
    const host::Paths& paths;
    const host::EventLog& log;
    /// An event of the daemon's own.
    std::function<void(const char* type, const std::string& rule, const std::string& text)> record;
    /// New documents: they are compiled, and policy_result() follows.
    std::function<void(Plugin&, std::vector<PluginDocument>)> on_policy;
    std::function<std::string()> posture;
  };
  static constexpr int kMostMisses = 3;                       ///< then it is not waited for any more
  static constexpr std::chrono::milliseconds kClosing{3500};  ///< for the process to end by itself

  Plugin(Context& context, host::PluginEntry entry, bool own);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  void start();
  /// It is told to close; `recorded`: as an event.
  void stop(bool recorded);
  /// Another entry of the same name: a new path is another plugin, all else is told to it.
  void configure(host::PluginEntry entry, bool own);

  /// Open, or known not to be: nobody has to wait for it any more.
  bool settled() const { return settled_; }

  std::optional<PluginWord> decide(const ipc::Frame& question);
  std::optional<PluginWord> refuse(const ipc::Frame& question);
  const std::optional<PluginWord>& gate() const { return gate_; }
  void feed();
  void tell_posture(const std::string& json);
  void policy_result(bool ok, const std::string& text);
  void status(ipc::Frame& out, const std::string& key) const;

  const std::string& name() const { return entry_.name; }
  std::vector<PluginDocument> documents;  ///< that are in force; kept by whoever compiles them

 private:
  using Clock = std::chrono::steady_clock;
  bool has(const char* function) const { return up_ && functions_.contains(function); }
  void begin();
  ipc::Frame open_frame() const;
  void on_frame(const ipc::Frame& frame);
  void on_opened(const ipc::Frame& frame);
  void on_recorded(const ipc::Frame& frame);
  void on_policy(const ipc::Frame& frame);
  void on_gate(const ipc::Frame& frame);
  void on_health(const ipc::Frame& frame);
  void on_log(const ipc::Frame& frame) const;
  void on_late_decision(const ipc::Frame& frame);
  void on_end(const std::string& how);
  void retry(const std::string& why, bool was_up);
  void look();
  std::optional<ipc::Frame> ask(const ipc::Frame& question, const char* function);
  void missed(const char* function);
  std::optional<PluginWord> failure() const;
  PluginWord word(const ipc::Frame& frame) const;
  bool complain(const std::string& text);
  std::string state() const;

  Context& context_;
  host::PluginEntry entry_;
  bool own_;
  std::shared_ptr<PluginLink> link_;
  boost::asio::steady_timer retry_timer_, look_timer_;
  std::set<std::string, std::less<>> functions_;
  std::string library_name_, version_, api_;
  bool up_ = false;  ///< open() has returned
  bool settled_ = false;
  bool stopping_ = false;
  bool deaf_ = false;   ///< it missed too often: not waited for until it answers
  bool again_ = false;  ///< starts at once when it has ended: its entry names another file
  int misses_ = 0;
  uint64_t asked_ = 0;  ///< number of the last question
  uint64_t starts_ = 0;
  int tries_ = 0;  ///< since it was up for long
  Clock::time_point begun_;
  std::string last_words_;  ///< of a process that cannot open it
  std::string problem_;     ///< why it is not up
  std::string complaint_;   ///< that was told last
  bool deaf_told_ = false;
  Clock::time_point complained_;
  std::optional<PluginWord> gate_;
  std::string health_ = "ok", health_lines_;
  std::optional<host::LogReader> reader_;
  std::deque<uint64_t> in_flight_;  ///< lines told and not taken yet
  uint64_t durable_ = 0;
  std::string record_problem_;
  std::string told_posture_;
};

}  // namespace cmdai::daemon
