#include "shell-hooks/exec-guard/verdict_cache.hpp"

namespace cmdai::exec_guard {

bool VerdictCache::allows(const std::string& key, int64_t now) {
  const std::lock_guard lock(mutex_);
  const auto it = until_.find(key);
  return it != until_.end() && now < it->second;
}

void VerdictCache::take_policy(const std::string& policy) {
  if (policy == policy_) return;
  policy_ = policy;
  until_.clear();
}

void VerdictCache::confirm(const std::string& key, const std::string& policy, int64_t now) {
  const std::lock_guard lock(mutex_);
  take_policy(policy);
  if (until_.size() >= kMost) until_.clear();
  until_[key] = now + kLifetime;
}

void VerdictCache::forget(const std::string& key, const std::string& policy) {
  const std::lock_guard lock(mutex_);
  take_policy(policy);
  until_.erase(key);
}

}  // namespace cmdai::exec_guard
