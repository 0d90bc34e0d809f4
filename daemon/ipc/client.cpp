#include "daemon/ipc/client.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "daemon/ipc/socket_path.hpp"

namespace cmdai::ipc {
namespace {

using Kind = ClientError::Kind;
using Clock = std::chrono::steady_clock;

tl::unexpected<ClientError> failure(Kind kind, std::string message, std::string hint = {}) {
  ClientError error;
  error.kind = kind;
  error.diagnostic.message = std::move(message);
  error.diagnostic.hint = std::move(hint);
  return tl::unexpected<ClientError>(std::move(error));
}

tl::unexpected<ClientError> failure(Kind kind, Diagnostic diagnostic) {
  return tl::unexpected<ClientError>({kind, std::move(diagnostic)});
}

/// Milliseconds left until the deadline; -1 when there is none.
int left(bool bounded, Clock::time_point deadline) {
  if (!bounded) return -1;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return ms > 0 ? static_cast<int>(ms) : 0;
}

/// True when ready, false when the time is up.
bool wait_for(int fd, short events, int timeout_ms) {
  pollfd entry{fd, events, 0};
  int ready = 0;
  do ready = poll(&entry, 1, timeout_ms);
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace

tl::expected<Client, ClientError> Client::connect(const std::string& path, int timeout_ms) {
  const std::string directory = directory_of(path);
  if (access(directory.c_str(), F_OK) != 0 && errno == ENOENT)
    return failure(Kind::nobody, "the daemon does not run", "`cmdai start` starts it");
  if (auto ok = check_directory(directory); !ok) return failure(Kind::untrusted, ok.error());
  if (auto ok = check_socket(path); !ok) return failure(Kind::untrusted, ok.error());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return failure(Kind::broken, "the socket path is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Client client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), timeout_ms);
  if (client.fd_ < 0) return failure(Kind::broken, fmt::format("no socket: {}", std::strerror(errno)));
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  while (::connect(client.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED)
      return failure(Kind::nobody, "the daemon does not run", "`cmdai start` starts it");
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EINPROGRESS)
      return failure(Kind::broken, fmt::format("{}: {}", path, std::strerror(errno)));
    if (left(true, deadline) == 0)
      return failure(Kind::timeout, "the daemon takes no more connections",
                     "`cmdai status` says what it does; `cmdai stop` ends it");
    poll(nullptr, 0, 1);  // the backlog is full (connect(2) EAGAIN): try again
  }
  if (!peer_is_us(client.fd_))
    return failure(Kind::untrusted, "another user answers on the socket: not trusted",
                   "set `CMDAI_SOCKET` to another place");
  return client;
}

Client::~Client() {
  if (fd_ >= 0) close(fd_);
}

Client::Client(Client&& other) noexcept
    : fd_(other.fd_), timeout_ms_(other.timeout_ms_), reader_(std::move(other.reader_)) {
  other.fd_ = -1;
}

Client& Client::operator=(Client&& other) noexcept {
  std::swap(fd_, other.fd_);
  timeout_ms_ = other.timeout_ms_;
  reader_ = std::move(other.reader_);
  return *this;
}

tl::expected<void, ClientError> Client::send(const Frame& frame) {
  if (!fits(frame)) return failure(Kind::broken, "the request is larger than a frame may be");
  const std::string bytes = encode(frame);
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms_);
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n > 0) {
      sent += static_cast<size_t>(n);
    } else if (errno == EAGAIN) {
      if (!wait_for(fd_, POLLOUT, left(true, deadline)))
        return failure(Kind::timeout, "the daemon does not read");
    } else if (errno != EINTR) {
      return failure(Kind::gone, fmt::format("the daemon is gone: {}", std::strerror(errno)));
    }
  }
  return {};
}

tl::expected<Frame, ClientError> Client::receive(int timeout_ms) {
  const bool bounded = timeout_ms >= 0;
  const auto deadline = Clock::now() + std::chrono::milliseconds(bounded ? timeout_ms : 0);
  char buffer[65536];
  while (true) {
    if (auto frame = reader_.next()) return std::move(*frame);
    if (reader_.error())
      return failure(Kind::broken, "what answers does not speak our protocol",
                     "another program listens on the socket");
    if (!wait_for(fd_, POLLIN, left(bounded, deadline)))
      return failure(Kind::timeout, fmt::format("the daemon did not answer within {} ms", timeout_ms),
                     "`cmdai doctor` looks what is wrong");
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    if (n > 0)
      reader_.feed({buffer, static_cast<size_t>(n)});
    else if (n == 0)
      return failure(reader_.in_frame() ? Kind::broken : Kind::gone, "the daemon closed the connection");
    else if (errno != EINTR && errno != EAGAIN)
      return failure(reader_.in_frame() ? Kind::broken : Kind::gone,
                     fmt::format("the daemon is gone: {}", std::strerror(errno)));
  }
}

bool Client::quiet() const {
  if (fd_ < 0 || reader_.in_frame()) return false;
  char byte = 0;
  return recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EINTR);
}

tl::expected<Frame, ClientError> Client::request(const Frame& frame) {
  if (auto sent = send(frame); !sent) return tl::unexpected<ClientError>(std::move(sent.error()));
  return receive(timeout_ms_);
}

}  // namespace cmdai::ipc
