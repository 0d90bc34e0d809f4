#pragma once
// What the exec guard asks: the daemon over a connection that is kept, or the same engine here; and a person,
// where one can be asked.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "daemon/cli/run_question.hpp"
#include "daemon/ipc/client.hpp"
#include "shell-hooks/exec-guard/guard.hpp"
#include "shell-hooks/exec-guard/verdict_cache.hpp"

namespace cmdai::cli {

/// What all arbiters of one run share. Outlives them.
struct RunContext {
  RunContext(std::string actor_name, std::string home_directory, bool asks)
      : actor(std::move(actor_name)), home(std::move(home_directory)), question(asks) {}
  std::string actor;  ///< agent:NAME
  std::string home;
  TerminalQuestion question;
  exec_guard::Lineage lineage;
  exec_guard::VerdictCache cache;
  class FollowUps* follow_ups = nullptr;      ///< null: none is kept for later
  std::atomic<int64_t> daemon_down_until{0};  ///< steady milliseconds: it hung, and is left alone until then
};

/// Whether the cache knows this one; then the daemon is asked later, for the record.
bool known_to(RunContext& run, const exec_guard::ExecCall& call, const std::vector<std::string>& lines);

class ExecArbiter : public exec_guard::Arbiter {
 public:
  explicit ExecArbiter(RunContext& run) : run_(run) {}
  exec_guard::Ruling judge(const exec_guard::ExecCall& call, const std::vector<std::string>& lines) override;
  /// An exec the cache answered for is judged all the same, for the record and for what the cache holds.
  void follow_up(const exec_guard::ExecCall& call, const std::vector<std::string>& lines);

 private:
  ipc::Frame check_of(const exec_guard::ExecCall& call, const std::vector<std::string>& lines,
                      size_t other) const;
  ipc::Frame check_with_parent(const exec_guard::ExecCall& call, const std::vector<std::string>& lines) const;
  ipc::Frame verdict_on(const ipc::Frame& check);
  std::optional<ipc::Frame> ask_daemon(const ipc::Frame& frame, std::string& why);
  exec_guard::Ruling stopped(const exec_guard::ExecCall& call, const std::string& line,
                             const ipc::Frame& verdict);
  void remember(const ipc::Frame& verdict, const std::string& key);
  std::string say_answer(const ipc::Frame& verdict, std::string_view answer);

  RunContext& run_;
  std::optional<ipc::Client> client_;
};

/// A thread that asks the daemon about what the cache has answered.
class FollowUps {
 public:
  explicit FollowUps(RunContext& run) : arbiter_(run) {}
  void start();
  /// false: too many wait already; it is to be judged before it runs, as everything else.
  bool add(const exec_guard::ExecCall& call, const std::vector<std::string>& lines);
  /// Until none waits; not longer than a daemon may take to answer.
  void drain();

 private:
  void work();
  static constexpr size_t kMost = 256;
  static constexpr std::chrono::milliseconds kTogether{50};
  ExecArbiter arbiter_;  ///< the thread's
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<exec_guard::ExecCall, std::vector<std::string>>> waiting_;
  bool busy_ = false, hurry_ = false;
};

}  // namespace cmdai::cli
