#include "daemon/runner/runner.hpp"

#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "daemon/ipc/plugin_frames.hpp"
#include "daemon/runner/host_texts.hpp"
#include "daemon/runner/library.hpp"

namespace cmdai::runner {
namespace {

using ipc::Frame;

constexpr uint64_t kAckEach = 32;                ///< lines
constexpr std::chrono::seconds kClosingTime{2};  ///< for lines that came before the end
constexpr unsigned kLongestClose = 3;            ///< seconds
constexpr std::chrono::milliseconds kFirstRetry{200};
constexpr std::chrono::milliseconds kLongestRetry{30'000};

/// The one before it, whose daemon has just ended, may still be closing.
bool lock_directory(int directory) {
  for (int i = 0; i < 200; ++i) {
    if (flock(directory, LOCK_EX | LOCK_NB) == 0) return true;
    poll(nullptr, 0, 20);
  }
  return false;
}

}  // namespace

int Runner::run() {
  reader_ = ipc::FrameReader(ipc::kMaxPluginBody);
  while (!over_) {
    wait();
    read_socket();
    take_frames();
    pass_on();
    if (!lines_.empty() && Clock::now() >= retry_at_) record_one();
    flush();
  }
  close_plugin();
  return 0;
}

void Runner::wait() {
  int timeout = -1;
  if (!lines_.empty()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(retry_at_ - Clock::now()).count();
    timeout = static_cast<int>(std::max<int64_t>(left, 0));
  }
  pollfd fds[2] = {{fd_, static_cast<short>(out_.empty() ? POLLIN : POLLIN | POLLOUT), 0},
                   {outbox_.wake_fd(), POLLIN, 0}};
  poll(fds, 2, timeout);
  if ((fds[1].revents & POLLIN) != 0) outbox_.drain();
}

void Runner::read_socket() {
  char buffer[65536];
  for (int i = 0; i < 16; ++i) {  // then it is the frames' turn
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    if (n > 0) {
      reader_.feed({buffer, static_cast<size_t>(n)});
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) over_ = true;
    return;
  }
}

void Runner::take_frames() {
  for (;;) {
    const std::optional<Frame> frame = reader_.next();
    if (!frame) break;
    if (frame->type == "record")
      lines_.emplace_back(number(frame->get("seq")), frame->get("line"));
    else
      handle(*frame);
  }
  if (reader_.error()) over_ = true;
}

void Runner::handle(const Frame& frame) {
  if (frame.type == "open") return open(frame);
  if (frame.type == "close") {
    over_ = true;
    return;
  }
  if (plugin_ == nullptr) return;
  if (frame.type == "decide") return send(plugin_->decide(frame));
  if (frame.type == "approve") return send(plugin_->approve(frame));
  if (frame.type == "health") return send(plugin_->health());
  if (frame.type == "reload") return send(plugin_->reload(frame));
  if (frame.type == "policy-result") return plugin_->policy_result(frame);
  if (frame.type == "posture") return plugin_->posture(frame);
}

/// The state directory's lock is the process's: two daemons of one user would write into it at once.
void Runner::open(const Frame& frame) {
  const auto refuse = [this](const std::string& why) {
    send(Frame("failed").add("text", why));
    over_ = true;
  };
  const std::string lock = frame.get("state-dir");
  const int directory = ::open(lock.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return refuse("its state directory cannot be opened");
  if (!lock_directory(directory))
    return refuse("another daemon of this user runs it (its state directory is locked)");
  const auto table = load(path_);
  if (!table) return refuse(table.error().render());
  auto opened = Plugin::open(*table, frame, outbox_);
  if (!opened) return refuse(opened.error().message);
  plugin_ = std::move(*opened);
  durable_ = told_durable_ = plugin_->recorded().value_or(number(frame.get("last-event")));
  taken_ = told_taken_ = durable_;
  Frame said = plugin_->opened();
  said.add("recorded", std::to_string(durable_));
  // What counts before the first command comes with it.
  if (auto gate = plugin_->gate()) send(*gate);
  if (auto policy = plugin_->policy()) send(*policy);
  send(said);
  send(plugin_->health());
}

void Runner::record_one() {
  if (plugin_ == nullptr) return lines_.clear();
  const auto& [seq, line] = lines_.front();
  const std::string wrong = plugin_->record(seq, line);
  if (wrong.empty()) {
    taken_ = seq;
    lines_.pop_front();
    failures_ = 0;
    if (lines_.empty() || taken_ - told_taken_ >= kAckEach) tell_recorded();
    return;
  }
  const auto pause = std::min(kFirstRetry * (1 << std::min(failures_++, 10)), kLongestRetry);
  retry_at_ = Clock::now() + pause;
  send(Frame("recorded")
           .add("taken", std::to_string(taken_))
           .add("durable", std::to_string(durable_))
           .add("error", wrong));
}

void Runner::tell_recorded() {
  durable_ = plugin_->recorded().value_or(taken_);
  if (taken_ == told_taken_ && durable_ == told_durable_) return;
  told_taken_ = taken_;
  told_durable_ = durable_;
  send(Frame("recorded").add("taken", std::to_string(taken_)).add("durable", std::to_string(durable_)));
}

/// What the plugin's threads left, and what they say has changed.
void Runner::pass_on() {
  for (const Frame& frame : outbox_.take()) send(frame);
  const Outbox::Changes changes = outbox_.take_changes();
  if (plugin_ == nullptr) return;
  if (changes.gate)
    if (auto gate = plugin_->gate()) send(*gate);
  if (changes.policy)
    if (auto policy = plugin_->policy()) send(*policy);
  if (changes.health) send(plugin_->health());
  if (changes.recorded) tell_recorded();
}

void Runner::send(const Frame& frame) {
  out_ += encode(frame);
  flush();
}

void Runner::flush() {
  while (!out_.empty()) {
    const ssize_t n = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
      over_ = true;
      out_.clear();
    }
    if (n <= 0) return;
    out_.erase(0, static_cast<size_t>(n));
  }
}

/// Lines that came before the end are the plugin's, as long as it takes them; the others come again.
void Runner::close_plugin() {
  const auto end = Clock::now() + kClosingTime;
  while (!lines_.empty() && plugin_ != nullptr && Clock::now() < end) {
    const auto& [seq, line] = lines_.front();
    if (!plugin_->record(seq, line).empty()) break;
    lines_.pop_front();
  }
  alarm(kLongestClose);  // one that hangs in close() ends here
  plugin_.reset();
  for (const Frame& frame : outbox_.take()) send(frame);
  flush();
}

}  // namespace cmdai::runner
