#include "shell-hooks/exec-guard/guard.hpp"

#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <thread>

#include "shell-hooks/exec-guard/tree_process.hpp"

namespace cmdai::exec_guard {

/// As the kernel fills it in. It may know a longer form than we do and wants room for that.
struct Notification {
  std::vector<uint64_t> room;
  const seccomp_notif& get() const { return *reinterpret_cast<const seccomp_notif*>(room.data()); }
};

namespace {

constexpr int kMostThreads = 32;  ///< that judge; what comes then waits
constexpr int kMostIdle = 2;      ///< of them; more end

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
  std::thread([this] { receive(); }).detach();
}

/// The tree has ended. The kernel then says ENOENT at once, and for ever.
bool Guard::nobody_left() const {
  pollfd state{listener_, 0, 0};
  return poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/// One thread takes them all: what it needs stays in its processor's caches.
void Guard::receive() {
  Notification notification{room_for(sizeof(seccomp_notif), kSizes.seccomp_notif)};
  while (true) {
    std::fill(notification.room.begin(), notification.room.end(), 0);
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_RECV, notification.room.data()) == 0)
      take(notification);
    else if ((errno != EINTR && errno != ENOENT) || nobody_left())  // ENOENT: also killed before we looked
      return;
  }
}

void Guard::take(const Notification& notification) {
  const uint64_t id = notification.get().id;
  try {
    Result<ExecCall> call = read_exec(notification.get());
    if (!is_waiting(listener_, id)) return;  // what was read may be another process'
    if (!call) {
      ExecCall unknown;
      unknown.id = id;
      unknown.pid = relatives_of(static_cast<pid_t>(notification.get().pid)).process;
      return refuse(unknown, call.error().render() + '\n');
    }
    if (call->missing != 0) return answer(id, false, call->missing);
    std::vector<std::string> lines = lines_of(*call);
    if (hooks_.allowed(*call, lines)) return answer(id, true, 0);
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(*call), std::move(lines)});
    if (static_cast<size_t>(idle_) < queue_.size() && threads_ < kMostThreads) {
      std::thread([this] { work(); }).detach();
      ++threads_;
    }
    there_is_work_.notify_one();
  } catch (const std::exception&) {
    answer(id, false, EPERM);  // not judged is not allowed
  }
}

void Guard::work() {
  const std::unique_ptr<Arbiter> arbiter = hooks_.arbiter();
  std::unique_lock lock(mutex_);
  while (idle_ < kMostIdle || !queue_.empty()) {
    ++idle_;
    there_is_work_.wait(lock, [this] { return !queue_.empty(); });
    --idle_;
    const Work work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    judge(work, *arbiter);
    lock.lock();
  }
  --threads_;
}

void Guard::judge(const Work& work, Arbiter& arbiter) {
  try {
    ExecCall call = work.call;
    if (const int error = missing_in_its_root(call); error != 0) return answer(call.id, false, error);
    add_numbers(call);
    const Ruling ruling = arbiter.judge(call, work.lines);
    if (!ruling.runs) return refuse(call, ruling.message);
    answer(call.id, true, 0);
  } catch (const std::exception&) {
    answer(work.call.id, false, EPERM);
  }
}

void Guard::refuse(const ExecCall& call, const std::string& why) const {
  if (is_waiting(listener_, call.id)) hooks_.tell(call, why);
  // EACCES would make execvp(3) look for the program further on in PATH, and ask once more for each.
  answer(call.id, false, EPERM);
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

}  // namespace cmdai::exec_guard
