#pragma once
// What the daemon answers: a frame in, a frame out. No sockets here; the clock is handed in, so that tests
// can hold it.
#include <sys/types.h>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/cmdaid/actors.hpp"
#include "daemon/cmdaid/approvals.hpp"
#include "daemon/cmdaid/memories.hpp"
#include "daemon/cmdaid/notifier_port.hpp"
#include "daemon/cmdaid/plugin_asking.hpp"
#include "daemon/cmdaid/questions.hpp"
#include "daemon/cmdaid/sessions.hpp"
#include "daemon/cmdaid/statistics.hpp"
#include "daemon/host/event_log.hpp"
#include "daemon/host/policy_store.hpp"
#include "daemon/ipc/frame.hpp"

namespace cmdai::daemon {

struct ServiceOptions {
  std::string socket;
  std::function<int64_t()> now_ms;  ///< Unix milliseconds
};

/// Not thread-safe: called from the reactor only.
class Service {
 public:
  Service(host::PolicyStore& store, host::EventLog& log, ServiceOptions options);

  /// Everything but `subscribe` and `stop`, which are about connections. `peer`: the process that asks; 0:
  /// not known. `send` gets the answer, once, as soon as its event is in the record; what nobody waits for is
  /// done after that.
  void handle(const ipc::Frame& request, pid_t peer, const std::function<void(ipc::Frame)>& send);
  /// Reads the policy files again and records what came of it.
  ipc::Frame reload();
  /// What lets a guard judge by itself what rests on words and policy alone: `delegation`, or `error` where
  /// somebody else has a say in each verdict.
  ipc::Frame delegation() const;
  /// An event of the daemon's own: daemon.start, daemon.stop.
  void record_plain(std::string type, std::string text = {}, std::string rule = {});
  /// What is guarded, as JSON: sessions, hook files and agents. docs/plugins.md names the keys.
  std::string posture();

  /// A choice at a notification. It lifts exactly what the code stands for, as a person at a terminal does,
  /// or throws the code away. Returns why it does not; empty: done.
  std::string choose(const DesktopChoice& choice);

  PluginPort* plugins = nullptr;     ///< null: there are none
  NotifierPort* notifier = nullptr;  ///< null: nothing is shown

  /// Called when verdicts may be others from here on, before whoever made them so has the answer.
  std::function<void()> on_judging_changed;
  /// Called with each line that was recorded.
  std::function<void(const std::string&)> on_event;
  size_t connections = 0;               ///< kept by the server, told by `status`
  std::vector<std::string> hook_files;  ///< "AGENT STATE PATH", kept by the hook watch, told by `status`

  static ipc::Frame error(std::string_view code, std::string_view text);

 private:
  struct Remembered {
    std::string id, command, rule, session, cwd, actor, reason;
    bool finished = false;  ///< how it ended was said
  };

  ipc::Frame load_again();
  ipc::Frame answer_to(const ipc::Frame& request, pid_t peer);
  ipc::Frame hello() const;
  ipc::Frame check(const ipc::Frame& said, bool record, pid_t peer);
  ipc::Frame answer_check(const ipc::Frame& request, bool record, const Asker& asker, bool asks_again,
                          std::chrono::steady_clock::time_point start);
  ipc::Frame question(const ipc::Frame& request);
  ipc::Frame explain_question(const ipc::Frame& request);
  std::optional<ipc::Frame> allow_for_good(const std::string& id);
  ipc::Frame answer(const ipc::Frame& request, pid_t peer);
  ipc::Frame note_session(const ipc::Frame& request);
  ipc::Frame finished(const ipc::Frame& request);
  void note_last(const ipc::Frame& request);
  void record_finished(Remembered& known, std::optional<int64_t> status, std::optional<int64_t> ms);
  ipc::Frame allow(const ipc::Frame& request, pid_t peer);
  ipc::Frame lift(const std::string& code, pid_t who, std::string_view source);
  void show_waiting(const StoppedRequest& stopped, const Asker& asker, const ipc::Frame& request,
                    const ipc::Frame& verdict);
  ipc::Frame pending();
  void record_choice(std::string command, std::string reason, std::string text);
  std::optional<ipc::Frame> deny_approval(const ipc::Frame& request, pid_t peer);
  void ask_plugins(const ipc::Frame& request, audit::Event& event, Decision& decision, const Engine& engine,
                   bool recorded);
  std::optional<ipc::Frame> refused(const Lifted& lifted);
  void remember(const ipc::Frame& request);
  void record_contradiction(const Asker& asker, const ipc::Frame& request);
  void record_self_approval(const std::string& why, const std::string& command, std::string_view source = {});
  ipc::Frame policy(const ipc::Frame& request);
  ipc::Frame status();

  int64_t now() const { return options_.now_ms() / 1000; }
  std::string next_id();
  bool record(audit::Event event);
  void settle();
  void tell_of_log(bool written);
  Remembered* remembered(const std::string& id);

  host::PolicyStore& store_;
  host::EventLog& log_;
  ServiceOptions options_;
  Actors actors_;
  Approvals approvals_;
  Sessions sessions_;
  Memories memories_;
  Questions questions_;
  Statistics statistics_;
  std::deque<Remembered> recent_;
  std::optional<Remembered> judged_;   ///< by the frame that is being answered
  std::set<std::string> agents_seen_;  ///< that asked; names, a few dozen at most
  bool answering_ = false;             ///< somebody waits
  std::vector<std::string> heard_;     ///< lines recorded meanwhile, for on_event
  std::string log_problem_;            ///< of the event log, as told last
  uint64_t told_lost_ = 0;
  uint64_t counter_ = 0;
  std::string boot_;  ///< makes ids of different daemons differ
  int64_t started_ms_ = 0;
};

}  // namespace cmdai::daemon
