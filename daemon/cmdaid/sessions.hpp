#pragma once
// The shells and agent conversations that are known to be guarded.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/ipc/frame.hpp"

namespace cmdai::daemon {

/// Words as `word()` makes them: short, without blanks.
struct SessionInfo {
  std::string id, shell, pid, level, transport;
  int64_t last_check = 0;  ///< Unix seconds; 0: none yet
};

class Sessions {
 public:
  static constexpr size_t kMost = 512;  ///< the one not heard of for longest goes

  /// A `session` frame. False: an unknown event.
  bool note(const ipc::Frame& frame, int64_t now);
  /// A `check` frame; it may say what `session` says.
  void checked(const ipc::Frame& frame, int64_t now);
  /// Drops those whose shell is gone without a word. `runs`: whether a process of that number exists.
  void forget_ended(const std::function<bool(const std::string& pid)>& runs);
  /// What a peer says about itself, as one word for `status`: at most 64 bytes, anything odd as `_`.
  static std::string word(std::string_view said);
  bool knows(std::string_view id) const;
  const std::vector<SessionInfo>& all() const { return sessions_; }

 private:
  SessionInfo& find_or_add(const std::string& id);
  std::vector<SessionInfo> sessions_;  ///< least recently heard of first
};

}  // namespace cmdai::daemon
