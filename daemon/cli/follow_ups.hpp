#pragma once
// Execs that were let go under a delegation, until the daemon has been told of each: in the order they were
// let go, together, because a program that is let run is not to share its processor with the record of it.
// And the thread that tells, which also renews the delegation.
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/cli/exec_arbiter.hpp"
#include "shell-hooks/exec-guard/exec_call.hpp"
#include "shell-hooks/exec-guard/tree_process.hpp"

namespace cmdai::cli {

class FollowUps {
 public:
  explicit FollowUps(RunContext& run) : run_(run), arbiter_(run) {}
  void start();

  /// Whether this exec may go: it is allowed without the daemon, and is kept to be told. Takes both over
  /// then. false: it is to be judged before it runs, also when too many wait to be told already.
  bool let_go(exec_guard::ExecCall& call, std::vector<std::string>& lines);
  /// Returns when all that were let go before have been told; not later than a daemon may take to answer.
  void settle();
  /// A daemon is there: a delegation may be had, should none be in force.
  void daemon_answers();
  /// Until none waits: the tree has ended.
  void drain();

 private:
  struct Gone {
    exec_guard::ExecCall call;
    std::vector<std::string> lines;
    std::string policy;
  };
  void note_parent(exec_guard::ExecCall& call);
  void work();
  void renew(std::unique_lock<std::mutex>& lock);
  void wait(std::unique_lock<std::mutex>& lock);
  void tell_all(std::unique_lock<std::mutex>& lock);
  void wait_for_told(std::chrono::milliseconds longest);

  static constexpr size_t kMost = 256;
  static constexpr std::chrono::milliseconds kTogether{50};
  static constexpr std::chrono::milliseconds kFirstPause{200}, kLongestPause{5000};

  RunContext& run_;
  ExecArbiter arbiter_;  ///< the thread's
  /// Of those that wait, read while they were there. The receiving thread's.
  std::map<pid_t, exec_guard::ProcessNumbers> parents_;
  std::mutex mutex_;  ///< of what follows
  std::condition_variable there_is_work_, told_some_;
  std::deque<Gone> waiting_;
  uint64_t let_go_ = 0, told_ = 0;  ///< how many ever
  int in_a_hurry_ = 0;              ///< who waits in settle() or drain()
  bool daemon_answers_ = false;
  std::chrono::steady_clock::time_point not_before_{};  ///< the next renewal
  std::chrono::milliseconds pause_ = kFirstPause;       ///< after one that failed
};

}  // namespace cmdai::cli
