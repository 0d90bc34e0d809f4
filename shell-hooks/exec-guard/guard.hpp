#pragma once
// The supervisor's loop: takes each exec of the tree, has it judged, answers. Many at a time: a slow verdict
// or an open question keeps only its own exec waiting.
#include <atomic>
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
    /// Says why something was stopped. Called before the refused process goes on.
    std::function<void(const ExecCall& call, const std::string& message)> tell;
  };
  /// `listener`: of exec_filter::install(); stays the caller's.
  Guard(int listener, Hooks hooks);

  /// Takes and answers on threads of its own until the process ends: they are never joined.
  void start();

 private:
  void receive();
  void serve(const struct Notification& notification);
  Ruling rule(const ExecCall& call);
  void answer(uint64_t id, bool runs, int error) const;
  void add_thread();
  std::unique_ptr<Arbiter> take_arbiter();

  int listener_;
  Hooks hooks_;
  std::atomic<int> threads_{0}, idle_{0};
  std::mutex mutex_;
  std::vector<std::unique_ptr<Arbiter>> arbiters_;  ///< those nobody uses
};

}  // namespace cmdai::exec_guard
