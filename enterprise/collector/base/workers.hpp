#pragma once
// A few threads that take work from one bounded queue.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cmdai::collector {

class Workers {
 public:
  using Work = std::function<void()>;

  Workers(std::size_t threads, std::size_t queue);
  /// Does what is queued, then ends.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// False: the queue is full, the work is not done.
  bool offer(Work work);
  /// For what has to be done: the end of something that was begun. Never refused.
  void push(Work work);
  /// Does what is queued, then the threads end; called once more, nothing.
  void stop();

 private:
  void run();

  std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> queue_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cmdai::collector
