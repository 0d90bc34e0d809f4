#pragma once
// A running cmdaid-plugin: the process and the socket to it. Knows frames, not what they mean.
#include <sys/types.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/ipc/frame.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::daemon {

/// The program cmdaid-plugin of this installation; empty when it is nowhere.
std::string plugin_runner_path();

/// Lives on the reactor's thread, held by shared_ptr.
class PluginLink : public std::enable_shared_from_this<PluginLink> {
 public:
  struct Hooks {
    std::function<void(const ipc::Frame&)> on_frame;
    /// Once: the process is gone, and how: "ended with status 3", "crashed (Segmentation fault)".
    std::function<void(const std::string&)> on_end;
  };
  static constexpr size_t kMostUnsent = size_t{32} << 20U;  ///< bytes; a plugin that reads nothing is ended

  /// Starts the process; it says something later, or ends.
  static Result<std::shared_ptr<PluginLink>> start(boost::asio::io_context& io, const std::string& name,
                                                   const std::string& library, Hooks hooks);
  ~PluginLink();
  PluginLink(const PluginLink&) = delete;
  PluginLink& operator=(const PluginLink&) = delete;

  void send(const ipc::Frame& frame);
  /// Sends it and waits, the reactor with it, for the first frame `fits` takes. Other frames come to on_frame
  /// later, in their order. nullopt: none within that time.
  std::optional<ipc::Frame> ask(const ipc::Frame& frame, std::chrono::milliseconds longest,
                                const std::function<bool(const ipc::Frame&)>& fits);
  /// Says `close` and leaves it `longest` to end.
  void close(std::chrono::milliseconds longest);
  /// At once. `why` goes before how it ended.
  void kill(const std::string& why);

  /// Nothing comes to its hooks any more.
  void forget() { hooks_ = {}; }

  bool alive() const { return !over_; }
  pid_t process() const { return process_; }
  size_t unsent() const { return out_.size(); }
  std::chrono::steady_clock::time_point last_heard() const { return last_heard_; }

 private:
  PluginLink(boost::asio::io_context& io, int fd, pid_t process, Hooks hooks);
  void wait_readable();
  void wait_writable();
  bool receive();
  void flush();
  void dispatch();
  void dispatch_soon();
  void broken(const std::string& why);
  void reap();
  bool poll_once(std::chrono::steady_clock::time_point until);

  boost::asio::io_context& io_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer timer_;
  pid_t process_;
  Hooks hooks_;
  ipc::FrameReader reader_;
  std::deque<ipc::Frame> frames_;  ///< received, not handled yet
  std::string out_;
  std::chrono::steady_clock::time_point last_heard_;
  std::string why_;
  bool writing_ = false, dispatching_ = false, over_ = false, reaped_ = false;
  int reaps_ = 0;
};

}  // namespace cmdai::daemon
