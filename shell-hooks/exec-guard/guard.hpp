#pragma once
// The supervisor's loop: takes each exec of the tree, has it judged, answers. Many at a time: a slow verdict
// or an open question keeps only its own exec waiting.
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "shell-hooks/exec-guard/exec_call.hpp"
#include "shell-hooks/exec-guard/lineage.hpp"

namespace cmdai::exec_guard {

/// What comes of one exec.
struct Ruling {
  bool runs = false;
  std::string message;  ///< why it does not run; empty: nothing more to say
};

/// Judges. Each is used by one thread at a time.
class Arbiter {
 public:
  virtual ~Arbiter() = default;
  virtual Ruling judge(const ExecCall& call, const std::vector<std::string>& lines) = 0;
};

class Guard {
 public:
  struct Hooks {
    std::function<std::unique_ptr<Arbiter>()> arbiter;
    /// Whether this is allowed without asking anybody. Quick: everything else waits for it. May take both
    /// over when it is. The call's `birth` is not filled in yet.
    std::function<bool(ExecCall& call, std::vector<std::string>& lines)> allowed;
    /// Says why something was stopped. Called before the refused process goes on.
    std::function<void(const ExecCall& call, const std::string& message)> tell;
  };
  /// `listener`: of exec_filter::install(); stays the caller's.
  Guard(int listener, Hooks hooks);

  /// Takes and answers on threads of its own until the process ends: they are never joined.
  void start();

 private:
  struct Work {
    ExecCall call;
    std::vector<std::string> lines;
  };
  void receive();
  bool nobody_left() const;
  void take(const struct Notification& notification);
  void work();
  void judge(const Work& work, Arbiter& arbiter);
  void refuse(const ExecCall& call, const std::string& why) const;
  void answer(uint64_t id, bool runs, int error) const;

  int listener_;
  Hooks hooks_;
  std::mutex mutex_;  ///< of what follows
  std::condition_variable there_is_work_;
  std::deque<Work> queue_;
  int threads_ = 0, idle_ = 0;
};

}  // namespace cmdai::exec_guard
