#include "shell-hooks/exec-guard/guard.hpp"

#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <thread>

namespace cmdai::exec_guard {

/// As the kernel fills it in. It may know a longer form than we do and wants room for that.
struct Notification {
  std::vector<uint64_t> room;
  const seccomp_notif& get() const { return *reinterpret_cast<const seccomp_notif*>(room.data()); }
};

namespace {

constexpr int kMostThreads = 32;
constexpr int kMostIdle = 2;  ///< threads that wait for an exec; more end

// Linux 6.6: whoever answers hands its processor on to whom it answers (linux/seccomp.h of Debian 12 is
// older).
constexpr unsigned long kSetFlags = SECCOMP_IOW(4, uint64_t);
constexpr uint64_t kSyncWakeUp = 1;

seccomp_notif_sizes kernel_sizes() {
  seccomp_notif_sizes sizes{sizeof(seccomp_notif), sizeof(seccomp_notif_resp), sizeof(seccomp_data)};
  syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes);
  return sizes;
}

const seccomp_notif_sizes kSizes = kernel_sizes();

std::vector<uint64_t> room_for(size_t known, size_t kernel) {
  return std::vector<uint64_t>((std::max(known, kernel) + sizeof(uint64_t) - 1) / sizeof(uint64_t));
}

}  // namespace

Guard::Guard(int listener, Hooks hooks) : listener_(listener), hooks_(std::move(hooks)) {
  ioctl(listener_, kSetFlags, kSyncWakeUp);  // an older kernel does without
}

void Guard::start() {
  for (int i = 0; i < kMostIdle; ++i) add_thread();
}

void Guard::add_thread() {
  ++threads_;
  ++idle_;
  std::thread([this] { receive(); }).detach();
}

void Guard::receive() {
  Notification notification{room_for(sizeof(seccomp_notif), kSizes.seccomp_notif)};
  while (true) {
    std::fill(notification.room.begin(), notification.room.end(), 0);
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_RECV, notification.room.data()) != 0) {
      if (errno == EINTR || errno == ENOENT) continue;  // ENOENT: it was killed before we looked
      break;
    }
    if (--idle_ == 0 && threads_ < kMostThreads) add_thread();
    serve(notification);
    if (++idle_ > kMostIdle) break;
  }
  --idle_;
  --threads_;
}

std::unique_ptr<Arbiter> Guard::take_arbiter() {
  {
    const std::lock_guard lock(mutex_);
    if (!arbiters_.empty()) {
      std::unique_ptr<Arbiter> out = std::move(arbiters_.back());
      arbiters_.pop_back();
      return out;
    }
  }
  return hooks_.arbiter();
}

Ruling Guard::rule(const ExecCall& call) {
  std::unique_ptr<Arbiter> arbiter = take_arbiter();
  Ruling out = arbiter->judge(call, lines_of(call));
  const std::lock_guard lock(mutex_);
  arbiters_.push_back(std::move(arbiter));
  return out;
}

void Guard::answer(uint64_t id, bool runs, int error) const {
  std::vector<uint64_t> room = room_for(sizeof(seccomp_notif_resp), kSizes.seccomp_notif_resp);
  auto& response = *reinterpret_cast<seccomp_notif_resp*>(room.data());
  response.id = id;
  if (runs)
    response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  else
    response.error = -error;
  ioctl(listener_, SECCOMP_IOCTL_NOTIF_SEND, &response);  // ENOENT: nobody waits any more
}

void Guard::serve(const Notification& notification) {
  const uint64_t id = notification.get().id;
  try {
    const Result<ExecCall> call = read_exec(notification.get());
    if (!is_waiting(listener_, id)) return;  // what was read may be another process'
    if (call && call->missing != 0) return answer(id, false, call->missing);
    ExecCall unknown;
    unknown.id = id;
    unknown.pid = static_cast<pid_t>(notification.get().pid);
    const Ruling ruling = call ? rule(*call) : Ruling{false, call.error().render() + '\n'};
    // EACCES would make execvp(3) look for the program further on in PATH, and ask once more for each.
    if (!ruling.runs && !ruling.message.empty() && is_waiting(listener_, id))
      hooks_.tell(call ? *call : unknown, ruling.message);
    answer(id, ruling.runs, EPERM);
  } catch (const std::exception& error) {
    answer(id, false, EPERM);  // not judged is not allowed
  }
}

}  // namespace cmdai::exec_guard
