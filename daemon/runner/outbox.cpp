#include "daemon/runner/outbox.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "daemon/runner/words.hpp"
#include "libcore/plugin/cmdai_plugin.h"

namespace cmdai::runner {

Outbox::Outbox() {
  if (pipe(wake_) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  for (const int fd : wake_) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
  }
}

Outbox::~Outbox() {
  for (const int fd : wake_) close(fd);
}

void Outbox::wake() const {
  const char byte = 0;
  while (write(wake_[1], &byte, 1) < 0 && errno == EINTR) {  // a full pipe is awake already
  }
}

void Outbox::drain() const {
  char buffer[256];
  while (read(wake_[0], buffer, sizeof buffer) > 0) {
  }
}

void Outbox::put(ipc::Frame frame) {
  {
    const std::lock_guard hold(mutex_);
    if (waiting_.size() >= kMostWaiting)
      ++dropped_;
    else
      waiting_.push_back(std::move(frame));
  }
  wake();
}

void Outbox::log(uint32_t level, std::string_view text) {
  ipc::Frame frame("log");
  frame.add("level", level_word(level)).add("text", text.substr(0, kMostText));
  put(std::move(frame));
}

void Outbox::report(std::string_view text) {
  ipc::Frame frame("report");
  frame.add("text", text.substr(0, kMostText));
  put(std::move(frame));
}

void Outbox::changed(uint32_t what) {
  bool known = true;
  {
    const std::lock_guard hold(mutex_);
    switch (what) {
      case CMDAI_CHANGED_POLICY: changes_.policy = true; break;
      case CMDAI_CHANGED_GATE: changes_.gate = true; break;
      case CMDAI_CHANGED_HEALTH: changes_.health = true; break;
      case CMDAI_CHANGED_RECORDED: changes_.recorded = true; break;
      default: known = false;
    }
  }
  if (known) return wake();
  log(CMDAI_LOG_WARNING, "changed() was called with a code that means nothing");
}

std::vector<ipc::Frame> Outbox::take() {
  const std::lock_guard hold(mutex_);
  std::vector<ipc::Frame> out = std::exchange(waiting_, {});
  if (const size_t lost = std::exchange(dropped_, 0); lost != 0) {
    ipc::Frame frame("log");
    frame.add("level", "warning").add("text", std::to_string(lost) + " lines more were dropped");
    out.push_back(std::move(frame));
  }
  return out;
}

Outbox::Changes Outbox::take_changes() {
  const std::lock_guard hold(mutex_);
  return std::exchange(changes_, {});
}

}  // namespace cmdai::runner
