#pragma once
// Execs that were allowed for their words and the policy alone, and are again while nothing of that changes.
// Thread-safe.
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace cmdai::exec_guard {

class VerdictCache {
 public:
  static constexpr int64_t kLifetime = 2000;  ///< milliseconds after the last verdict of the daemon's
  static constexpr size_t kMost = 4096;       ///< then it begins anew

  /// `key`: the file, its words and its directory. `now`: milliseconds of a clock that only goes forward.
  bool allows(const std::string& key, int64_t now);
  /// The daemon said so, under this policy. Another policy than before: nothing of before counts.
  void confirm(const std::string& key, const std::string& policy, int64_t now);
  /// The daemon says otherwise by now.
  void forget(const std::string& key, const std::string& policy);

 private:
  void take_policy(const std::string& policy);

  std::mutex mutex_;
  std::string policy_;
  std::unordered_map<std::string, int64_t> until_;
};

}  // namespace cmdai::exec_guard
