#include "daemon/cli/follow_ups.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

namespace cmdai::cli {

using exec_guard::ExecCall;

void FollowUps::start() {
  std::thread([this] { work(); }).detach();
}

bool FollowUps::let_go(ExecCall& call, std::vector<std::string>& lines) {
  std::string policy;
  if (!run_.delegation.allows(call, lines, policy)) return false;
  note_parent(call);
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (let_go_ - told_ >= kMost) return false;
    first = waiting_.empty();
    waiting_.push_back({std::move(call), std::move(lines), std::move(policy)});
    ++let_go_;
  }
  if (first) parents_.clear();  // of those before
  if (first) there_is_work_.notify_one();
  return true;
}

/// When the daemon is told, the parent may have ended. Within the time they wait together no number is given
/// to another process: one look at it is enough for all its children.
void FollowUps::note_parent(ExecCall& call) {
  auto known = parents_.find(call.parent);
  if (known == parents_.end()) {
    const auto numbers = exec_guard::numbers_of(call.parent);
    if (!numbers) return;
    known = parents_.emplace(call.parent, *numbers).first;
  }
  call.grandparent = known->second.parent;
  call.parent_birth = known->second.birth;
}

void FollowUps::daemon_answers() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(daemon_answers_, true)) there_is_work_.notify_one();
}

void FollowUps::wait_for_told(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  const uint64_t all = let_go_;
  if (told_ >= all) return;
  ++in_a_hurry_;
  there_is_work_.notify_one();
  told_some_.wait_for(lock, longest, [&] { return told_ >= all; });
  --in_a_hurry_;
}

void FollowUps::settle() { wait_for_told(std::chrono::milliseconds(2500)); }
void FollowUps::drain() { wait_for_told(std::chrono::seconds(10)); }

void FollowUps::work() {
  std::unique_lock lock(mutex_);
  renew(lock);
  while (true) {
    wait(lock);
    tell_all(lock);
    if (std::exchange(daemon_answers_, false)) renew(lock);
  }
}

/// Where it is refused, or ours is another policy, that may last: a policy is not compiled for each exec.
void FollowUps::renew(std::unique_lock<std::mutex>& lock) {
  if (std::chrono::steady_clock::now() < not_before_) return;
  lock.unlock();
  const bool in_force = run_.delegation.renew();
  lock.lock();
  if (!in_force) not_before_ = std::chrono::steady_clock::now() + pause_;
  pause_ = in_force ? kFirstPause : std::min(pause_ * 2, kLongestPause);
}

void FollowUps::wait(std::unique_lock<std::mutex>& lock) {
  there_is_work_.wait(lock, [this] { return !waiting_.empty() || daemon_answers_; });
  if (!daemon_answers_) there_is_work_.wait_for(lock, kTogether, [this] { return in_a_hurry_ != 0; });
}

void FollowUps::tell_all(std::unique_lock<std::mutex>& lock) {
  std::deque<Gone> batch;
  batch.swap(waiting_);
  lock.unlock();
  for (Gone& gone : batch) {
    try {
      arbiter_.tell(std::move(gone.call), gone.lines, gone.policy);
    } catch (const std::exception&) {  // out of memory: the others are told all the same
    }
  }
  lock.lock();
  told_ += batch.size();
  told_some_.notify_all();
}

}  // namespace cmdai::cli
