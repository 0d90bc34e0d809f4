#pragma once
// One peer. Whatever it does wrong costs only this connection: it gets a few frames a turn, a limited time
// for each frame, and is not listened to while it does not read its answers.
#include <sys/types.h>

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "daemon/ipc/frame.hpp"

namespace cmdai::daemon {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;
  struct Hooks {
    /// A whole frame; the callee answers with send().
    std::function<void(const std::shared_ptr<Connection>&, const ipc::Frame&)> on_frame;
    std::function<void(const std::shared_ptr<Connection>&)> on_closed;
  };

  static constexpr std::chrono::seconds kFrameTime{2};       ///< a frame begun must be whole by then
  static constexpr std::chrono::seconds kReadTime{10};       ///< an answer must be taken by then
  static constexpr int kFramesATurn = 16;                    ///< then others have their turn
  static constexpr size_t kPauseAbove = size_t{256} << 10U;  ///< unread answers; beyond: no more requests
  static constexpr size_t kMostUnread = size_t{1} << 20U;    ///< beyond (a subscriber that sleeps): closed
  static constexpr size_t kMostDrained = size_t{1} << 20U;   ///< bytes still read when the daemon ends

  Connection(Socket socket, Hooks hooks);
  void start();
  void send(const ipc::Frame& frame);
  /// Sends what is queued, then closes.
  void finish();
  /// Answers what has already arrived at the socket, then finishes.
  void drain();
  void close();
  /// The peer will see the end of the connection when this process ends, not before: who asks for the end
  /// waits for the end, with the last line of the record written.
  void outlive();
  bool subscribed = false;
  bool delegated = false;  ///< judges by itself until it gets a `recall`
  pid_t process = 0;       ///< who connected; 0: not known

 private:
  void read();
  void arrived(size_t bytes, bool failed);
  void read_rest();
  void take_frames();
  bool take_one();
  void refuse_bytes(ipc::FrameError why);
  size_t write_now(const std::string& bytes);
  void write();
  void written();
  void watch_frame_time();

  Socket socket_;
  boost::asio::steady_timer frame_timer_, write_timer_;
  Hooks hooks_;
  ipc::FrameReader reader_;
  std::array<char, 16384> buffer_;  ///< not cleared: a client may come for each line
  std::deque<std::string> queue_;
  size_t queued_ = 0;
  bool reading_ = false;   ///< a read is under way, or done and not told to us yet
  bool draining_ = false;  ///< what has arrived is still answered, nothing else
  bool finishing_ = false;
  bool closed_ = false;
  bool timing_ = false;  ///< the clock of the frame that is coming in runs
  bool paused_ = false;  ///< the peer has too much to read
};

}  // namespace cmdai::daemon
