#include "daemon/cmdaid/plugin_link.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "daemon/cmdaid/plugin_process.hpp"
#include "daemon/ipc/plugin_frames.hpp"

namespace cmdai::daemon {

using boost::system::error_code;
namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kReapEach = std::chrono::milliseconds(10);
constexpr int kPatience = 50;  ///< reaps before a process whose socket has ended is killed

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("crashed ({})", strsignal(WTERMSIG(status)));
  return fmt::format("ended with status {}", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

}  // namespace

Result<std::shared_ptr<PluginLink>> PluginLink::start(asio::io_context& io, const std::string& name,
                                                      const std::string& library, Hooks hooks) {
  auto started = start_plugin_process(name, library);
  if (!started) return fail(std::move(started.error()));
  std::shared_ptr<PluginLink> out(new PluginLink(io, started->socket, started->process, std::move(hooks)));
  out->wait_readable();
  return out;
}

PluginLink::PluginLink(asio::io_context& io, int fd, pid_t process, Hooks hooks)
    : io_(io),
      socket_(io, fd),
      timer_(io),
      process_(process),
      hooks_(std::move(hooks)),
      reader_(ipc::kMaxPluginBody),
      last_heard_(Clock::now()) {}

PluginLink::~PluginLink() {
  if (reaped_) return;
  ::kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

void PluginLink::wait_readable() {
  socket_.async_wait(asio::posix::stream_descriptor::wait_read, [me = shared_from_this()](error_code error) {
    if (error || me->over_) return;
    if (me->receive()) me->wait_readable();
    me->dispatch();
  });
}

void PluginLink::wait_writable() {
  if (std::exchange(writing_, true)) return;
  socket_.async_wait(asio::posix::stream_descriptor::wait_write, [me = shared_from_this()](error_code error) {
    me->writing_ = false;
    if (!error && !me->over_) me->flush();
  });
}

/// Takes what is there; false: the other end is gone.
bool PluginLink::receive() {
  std::array<char, 65536> buffer;
  bool gone = false;
  for (int i = 0; i < 16 && !gone; ++i) {
    const ssize_t n = recv(socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    gone = n <= 0;
    if (gone) break;
    last_heard_ = Clock::now();
    reader_.feed({buffer.data(), static_cast<size_t>(n)});
  }
  for (;;) {
    std::optional<ipc::Frame> frame = reader_.next();
    if (!frame) break;
    frames_.push_back(std::move(*frame));
  }
  if (reader_.error())
    broken("sent bytes that are no frame");
  else if (gone)
    broken({});
  return !over_;
}

void PluginLink::dispatch() {
  if (std::exchange(dispatching_, true)) return;
  const auto keep = shared_from_this();
  while (!frames_.empty()) {
    const ipc::Frame frame = std::move(frames_.front());
    frames_.pop_front();
    if (hooks_.on_frame) hooks_.on_frame(frame);
  }
  dispatching_ = false;
}

void PluginLink::dispatch_soon() {
  if (!frames_.empty()) asio::post(io_, [me = shared_from_this()] { me->dispatch(); });
}

void PluginLink::send(const ipc::Frame& frame) {
  if (over_) return;
  out_ += encode(frame);
  flush();
  if (out_.size() > kMostUnsent) broken("reads nothing of what it is told");
}

void PluginLink::flush() {
  while (!out_.empty() && !over_) {
    const ssize_t n = ::send(socket_.native_handle(), out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return wait_writable();
    if (n < 0) return broken({});
    out_.erase(0, static_cast<size_t>(n));
  }
}

/// False: time is up, or the other end is gone.
bool PluginLink::poll_once(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  if (left <= 0 || over_) return false;
  pollfd fd{socket_.native_handle(), static_cast<short>(out_.empty() ? POLLIN : POLLIN | POLLOUT), 0};
  const int ready = poll(&fd, 1, static_cast<int>(left));
  if (ready < 0 && errno == EINTR) return true;
  if (ready <= 0) return false;
  if ((fd.revents & POLLOUT) != 0) flush();
  return over_ ? false : (fd.revents & ~POLLOUT) == 0 || receive();
}

std::optional<ipc::Frame> PluginLink::ask(const ipc::Frame& frame, std::chrono::milliseconds longest,
                                          const std::function<bool(const ipc::Frame&)>& fits) {
  const auto until = Clock::now() + longest;
  send(frame);
  for (size_t looked = frames_.size();;) {
    const bool more = poll_once(until);
    for (; looked < frames_.size(); ++looked) {
      if (!fits(frames_[looked])) continue;
      ipc::Frame found = std::move(frames_[looked]);
      frames_.erase(frames_.begin() + static_cast<std::ptrdiff_t>(looked));
      dispatch_soon();
      return found;
    }
    if (more) continue;
    dispatch_soon();
    return std::nullopt;
  }
}

void PluginLink::close(std::chrono::milliseconds longest) {
  if (over_) return;
  send(ipc::Frame("close"));
  timer_.expires_after(longest);
  timer_.async_wait([me = shared_from_this()](error_code error) {
    if (!error && !me->over_) me->kill("did not end when it was told to");
  });
}

void PluginLink::kill(const std::string& why) {
  if (over_) return;
  ::kill(process_, SIGKILL);
  broken(why);
}

/// The socket is of no more use: the process is waited for.
void PluginLink::broken(const std::string& why) {
  if (std::exchange(over_, true)) return;
  why_ = why;
  if (!why.empty()) ::kill(process_, SIGKILL);
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  asio::post(io_, [me = shared_from_this()] {
    me->dispatch();
    me->reap();
  });
}

void PluginLink::reap() {
  int status = 0;
  const pid_t done = waitpid(process_, &status, WNOHANG);
  if (done == 0) {
    if (++reaps_ == kPatience) ::kill(process_, SIGKILL);
    timer_.expires_after(kReapEach);
    timer_.async_wait([me = shared_from_this()](error_code) { me->reap(); });
    return;
  }
  reaped_ = true;
  const std::string how = why_.empty() ? how_it_ended(status) : why_;
  const Hooks hooks = std::exchange(hooks_, {});
  if (hooks.on_end) hooks.on_end(how);
}

}  // namespace cmdai::daemon
