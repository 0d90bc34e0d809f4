#pragma once
// A small program of the system, started without a shell: what it prints is read while the reactor goes on,
// and it has a time by which it must have ended. Its environment is what the caller gives and nothing else.
#include <sys/types.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::daemon {

/// Lives on the reactor's thread, held by shared_ptr.
class ChildProgram : public std::enable_shared_from_this<ChildProgram> {
 public:
  struct Ended {
    int status = -1;     ///< exit status; -1: a signal ended it
    std::string output;  ///< what it printed, kMostOutput at most
  };
  using OnEnd = std::function<void(const Ended&)>;
  static constexpr size_t kMostOutput = 4096;
  static constexpr std::chrono::seconds kGrace{2};  ///< between SIGINT and SIGKILL

  /// `words`: the program's absolute path, then its arguments. `on_end` is called once, never from in here.
  static Result<std::shared_ptr<ChildProgram>> start(boost::asio::io_context& io,
                                                     const std::vector<std::string>& words,
                                                     const std::vector<std::string>& environment,
                                                     std::chrono::milliseconds longest, OnEnd on_end);
  ~ChildProgram();
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  /// Another time by which it must have ended, from now.
  void last(std::chrono::milliseconds longest);
  /// It is to end now: SIGINT, then SIGKILL. on_end still comes.
  void interrupt();
  /// As interrupt(), once it has printed something, or in kGrace: what is told to end before it has set up
  /// what it does then leaves things behind.
  void interrupt_when_heard();
  /// As interrupt(), and nobody hears of it any more: nothing of it keeps the reactor running.
  void abandon();

 private:
  ChildProgram(boost::asio::io_context& io, pid_t process, int output, OnEnd on_end);
  void read();
  void reap();

  boost::asio::posix::stream_descriptor output_;
  boost::asio::steady_timer deadline_, reap_timer_;
  pid_t process_;
  OnEnd on_end_;
  std::array<char, 1024> buffer_{};
  Ended ended_;
  bool interrupted_ = false, when_heard_ = false, reaped_ = false;
};

}  // namespace cmdai::daemon
