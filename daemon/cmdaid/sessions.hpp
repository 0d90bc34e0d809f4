#pragma once
// The shells and agent conversations that are known to be guarded.
#include <cstdint>
#include <functional>
#include <list>
#include <string>

#include "daemon/ipc/frame.hpp"

namespace cmdai::daemon {

/// Words as `word()` makes them: short, without blanks.
struct SessionInfo {
  std::string id, shell, pid, level, transport, version;
  std::string birth;       ///< tells the process from a later one of its number
  int64_t opened = 0;      ///< Unix seconds: its first prompt; 0: it did not say
  uint64_t finished = 0;   ///< commands whose end was said
  int64_t last_check = 0;  ///< Unix seconds; 0: none yet
  bool asked = false;      ///< a question was put to it
};

class Sessions {
 public:
  static constexpr size_t kMost = 512;  ///< the one not heard of for longest goes

  /// A `session` frame. False: an unknown event.
  bool note(const ipc::Frame& frame, int64_t now);
  void finished(std::string_view id);
  /// A `check` frame; it may say what `session` says.
  void checked(const ipc::Frame& frame, int64_t now);
  /// Drops those whose shell is gone without a word.
  void forget_ended(const std::function<bool(const SessionInfo&)>& runs);
  /// Asked once for each process number a session names.
  std::function<std::string(const std::string& pid)> birth_of;
  /// What a peer says about itself, as one word for `status`: at most 64 bytes, anything odd as `_`.
  static std::string word(std::string_view said);
  bool knows(std::string_view id) const;
  /// Whether nothing was asked in this session yet; from now on something was.
  bool first_question(std::string_view id);
  const std::list<SessionInfo>& all() const { return sessions_; }

 private:
  SessionInfo& find_or_add(const std::string& id);
  void take_pid(const ipc::Frame& frame, SessionInfo& s) const;
  std::list<SessionInfo> sessions_;  ///< least recently heard of first; each check moves one to the end
};

}  // namespace cmdai::daemon
