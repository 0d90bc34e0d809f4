#pragma once
// The loop of cmdaid-plugin: what somebody waits for comes before lines of the record, and a change the
// plugin tells of is read when it tells it.
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "daemon/ipc/frame.hpp"
#include "daemon/runner/outbox.hpp"
#include "daemon/runner/plugin.hpp"

namespace cmdai::runner {

class Runner {
 public:
  /// `fd`: our end of the socket pair, non-blocking. `path`: the shared object.
  Runner(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  /// Until the other end is gone or says `close`, and the plugin is closed. The exit status.
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  void wait();
  void read_socket();
  void take_frames();
  void handle(const ipc::Frame& frame);
  void open(const ipc::Frame& frame);
  void record_one();
  void tell_recorded();
  void pass_on();
  void send(const ipc::Frame& frame);
  void flush();
  void close_plugin();

  int fd_;
  std::string path_;
  ipc::FrameReader reader_;
  Outbox outbox_;
  std::unique_ptr<Plugin> plugin_;
  std::string out_;  ///< bytes that wait for the socket
  std::deque<std::pair<uint64_t, std::string>> lines_;
  Clock::time_point retry_at_;  ///< a line that was not taken comes again then
  int failures_ = 0;            ///< of that line
  uint64_t taken_ = 0, told_taken_ = 0, durable_ = 0, told_durable_ = 0;
  bool over_ = false;
};

}  // namespace cmdai::runner
