#pragma once
// A thread that does one thing again and again: when it is woken, or when a time has passed.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace cmdai::collector {

class Loop {
 public:
  /// `turn` returns true if there is more to do at once. `yields`: what devices wait for goes first.
  Loop(std::chrono::milliseconds pause, std::function<bool()> turn, bool yields = false)
      : pause_(pause), turn_(std::move(turn)) {
    thread_ = std::thread([this, yields] {
      if (yields) step_back();
      run();
    });
  }
  ~Loop() { stop(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void wake() {
    {
      const std::scoped_lock lock(mutex_);
      woken_ = true;
    }
    signal_.notify_one();
  }
  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
    }
    signal_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

 private:
  /// The nice value is the thread's own on Linux (sched(7)).
  static void step_back() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 15); }
  void run() {
    for (;;) {
      const bool more = turn_();
      std::unique_lock lock(mutex_);
      if (!more) signal_.wait_for(lock, pause_, [this] { return ending_ || woken_; });
      woken_ = false;
      if (ending_) return;
    }
  }

  std::chrono::milliseconds pause_;
  std::function<bool()> turn_;
  std::mutex mutex_;
  std::condition_variable signal_;
  bool woken_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace cmdai::collector
