#include "daemon/cmdaid/connection.hpp"

#include <fcntl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "daemon/cmdaid/service.hpp"

namespace cmdai::daemon {

using boost::system::error_code;
namespace asio = boost::asio;

Connection::Connection(Socket socket, Hooks hooks)
    : socket_(std::move(socket)),
      frame_timer_(socket_.get_executor()),
      write_timer_(socket_.get_executor()),
      hooks_(std::move(hooks)) {
  error_code ignored;  // what cannot be set shows when it is read
  socket_.non_blocking(true, ignored);
}

/// Who connects for one question has sent it already, as a rule: it is answered without another turn.
void Connection::start() {
  error_code error;
  const size_t n = socket_.read_some(asio::buffer(buffer_), error);
  if (error == asio::error::would_block) return read();
  arrived(n, static_cast<bool>(error));
}

void Connection::read() {
  reading_ = true;
  socket_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](error_code error, size_t n) {
    self->arrived(n, static_cast<bool>(error));
  });
}

void Connection::arrived(size_t bytes, bool failed) {
  reading_ = false;
  if (closed_) return;
  reader_.feed({buffer_.data(), bytes});
  if (draining_) return read_rest();
  if (failed) return close();
  take_frames();
}

/// Ends in one of: reading on, waiting for another turn, waiting for the peer to read, closed.
void Connection::take_frames() {
  for (int i = 0; i < kFramesATurn; ++i) {
    if (closed_ || finishing_) return;
    if (queued_ > kPauseAbove) {
      paused_ = true;
      return;
    }
    if (take_one()) continue;
    if (const auto broken = reader_.error()) return refuse_bytes(*broken);
    watch_frame_time();
    return read();
  }
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->take_frames(); });
}

bool Connection::take_one() {
  const auto frame = reader_.next();
  if (!frame) return false;
  timing_ = false;  // the next frame has a clock of its own
  frame_timer_.cancel();
  hooks_.on_frame(shared_from_this(), *frame);
  return true;
}

void Connection::refuse_bytes(ipc::FrameError why) {
  const bool large = why == ipc::FrameError::too_large;
  send(Service::error(to_string(why),
                      large ? "a frame may have 262144 bytes" : "this is no frame of cmdai/1"));
  finish();
}

/// The clock runs from the first byte of a frame to its last, however many pieces it comes in.
void Connection::watch_frame_time() {
  if (!reader_.in_frame() || timing_) return;
  timing_ = true;
  frame_timer_.expires_after(kFrameTime);
  frame_timer_.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (!error && self != nullptr && self->timing_) self->close();
  });
}

/// What the socket takes at once, which is all of an answer as a rule: no timer, no further turn for it.
size_t Connection::write_now(const std::string& bytes) {
  error_code error;  // the asynchronous way meets it, too
  const size_t sent = socket_.write_some(asio::buffer(bytes), error);
  return error ? 0 : sent;
}

void Connection::send(const ipc::Frame& frame) {
  if (closed_) return;
  std::string bytes = encode(frame);
  if (queue_.empty()) bytes.erase(0, write_now(bytes));
  if (bytes.empty()) return;
  queue_.push_back(std::move(bytes));
  queued_ += queue_.back().size();
  if (queued_ > kMostUnread) return close();
  if (queue_.size() == 1) write();
}

void Connection::write() {
  write_timer_.expires_after(finishing_ ? kFrameTime : kReadTime);
  write_timer_.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    // A wait that ended just before it was set anew is not the end of the time.
    if (!error && self != nullptr && self->write_timer_.expiry() <= std::chrono::steady_clock::now())
      self->close();
  });
  asio::async_write(socket_, asio::buffer(queue_.front()),
                    [self = shared_from_this()](error_code error, size_t) {
                      if (error || self->closed_) return self->close();
                      self->written();
                    });
}

void Connection::written() {
  write_timer_.expires_at(std::chrono::steady_clock::time_point::max());
  queued_ -= queue_.front().size();
  queue_.pop_front();
  if (!queue_.empty()) write();
  if (queue_.empty() && finishing_) return close();
  if (!paused_ || queued_ > kPauseAbove / 2) return;
  paused_ = false;
  take_frames();
}

void Connection::finish() {
  if (closed_) return;
  finishing_ = true;
  timing_ = false;
  frame_timer_.cancel();
  if (queue_.empty()) return close();
  write_timer_.expires_after(kFrameTime);  // a peer that does not read must not keep us
  write_timer_.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (!error && self != nullptr) self->close();
  });
}

/// A read that is under way may have its bytes already: they come first. It is woken by the end of what there
/// is to read, the rest is read then.
void Connection::drain() {
  if (closed_ || draining_) return;
  draining_ = true;
  if (!reading_) return read_rest();
  error_code ignored;
#ifdef __linux__
  socket_.shutdown(Socket::shutdown_receive, ignored);  // what has arrived stays readable (unix(7) streams)
#else
  socket_.cancel(ignored);
#endif
}

void Connection::read_rest() {
  error_code error;
  size_t taken = 0;
  while (!closed_ && !finishing_ && queued_ <= kPauseAbove && !reader_.error()) {
    if (take_one()) continue;
    if (error || taken > kMostDrained) break;
    const size_t n = socket_.read_some(asio::buffer(buffer_), error);
    if (error || n == 0) break;
    reader_.feed({buffer_.data(), n});
    taken += n;
  }
  if (!closed_ && !finishing_) finish();
}

void Connection::outlive() {
  // Nobody closes it: the kernel does, last.
  if (!closed_) fcntl(socket_.native_handle(), F_DUPFD_CLOEXEC, 3);
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  frame_timer_.cancel();
  write_timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
  if (hooks_.on_closed) hooks_.on_closed(shared_from_this());
}

}  // namespace cmdai::daemon
