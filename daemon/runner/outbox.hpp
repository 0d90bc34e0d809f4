#pragma once
// Where a plugin's threads leave what they say to the host; the runner's thread is woken and takes it.
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/ipc/frame.hpp"

namespace cmdai::runner {

/// Thread-safe.
class Outbox {
 public:
  static constexpr size_t kMostWaiting = 1000;           ///< frames; beyond they are dropped and counted
  static constexpr size_t kMostText = size_t{8} << 10U;  ///< bytes of one text; the rest is cut off

  /// Throws when the system has no pipe left.
  Outbox();
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  void log(uint32_t level, std::string_view text);
  void report(std::string_view text);
  /// One of CMDAI_CHANGED_…; others are logged as a mistake.
  void changed(uint32_t what);

  /// What was left since the last call, oldest first.
  std::vector<ipc::Frame> take();
  struct Changes {
    bool policy = false, gate = false, health = false, recorded = false;
  };
  Changes take_changes();
  /// Readable when something was left; drain() makes it quiet again.
  int wake_fd() const { return wake_[0]; }
  void drain() const;

 private:
  void put(ipc::Frame frame);
  void wake() const;

  std::mutex mutex_;
  std::vector<ipc::Frame> waiting_;
  size_t dropped_ = 0;
  Changes changes_;
  int wake_[2] = {-1, -1};
};

}  // namespace cmdai::runner
