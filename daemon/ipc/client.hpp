#pragma once
// A small blocking client: one connection, a request and its answer at a time. Not thread-safe.
#include <string>

#include "daemon/ipc/frame.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::ipc {

struct ClientError {
  enum class Kind {
    nobody,     ///< nothing listens there
    untrusted,  ///< somebody else's socket or directory
    timeout,
    gone,    ///< it ended before it began to answer: asking again (connect_or_start) is right
    broken,  ///< closed in the middle, or not our protocol
  };
  Kind kind = Kind::broken;
  Diagnostic diagnostic;
};

class Client {
 public:
  /// Connects and checks directory, socket and peer. `timeout_ms` also bounds each later answer.
  static tl::expected<Client, ClientError> connect(const std::string& path, int timeout_ms = 2000);
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends and waits for the answer. An `error` frame is an answer, too.
  tl::expected<Frame, ClientError> request(const Frame& frame);
  tl::expected<void, ClientError> send(const Frame& frame);
  /// Nothing has come that was not taken, and the other end is there.
  bool quiet() const;
  /// The next frame; `timeout_ms` < 0 waits for ever (subscribe).
  tl::expected<Frame, ClientError> receive(int timeout_ms);

 private:
  Client(int fd, int timeout_ms) : fd_(fd), timeout_ms_(timeout_ms) {}
  int fd_ = -1;
  int timeout_ms_ = 2000;
  FrameReader reader_;
};

}  // namespace cmdai::ipc
