#pragma once
// What the sessions' lines left behind, in this process alone: never written anywhere, gone with the session
// or the daemon.
#include <functional>
#include <list>
#include <optional>
#include <string>

#include "daemon/ipc/frame.hpp"
#include "libcore/resolve/memory.hpp"

namespace cmdai::daemon {

class Memories {
 public:
  static constexpr size_t kMost = 512;  ///< sessions; the one not heard of for longest goes
  static constexpr size_t kLongestId = ipc::kLongestSession;  ///< a longer one is no session

  /// What the next line of the session begins with; nullptr: `id` names none. A question that nobody could
  /// ask a person (`cmdai check`) is open until now: whoever got it may have run the line.
  const resolve::Memory* of(const std::string& id);
  /// The same for whoever only wants to know: nothing changes by it.
  const resolve::Memory* peek(const std::string& id) const;
  /// The line runs.
  void ran(const std::string& id, resolve::Memory after);
  /// It is asked about. `answer_follows`: answered() will say how it went.
  void asked(const std::string& id, const std::string& verdict, resolve::Memory after, bool answer_follows);
  void answered(const std::string& verdict, bool yes);
  void forget(const std::string& id);
  /// Drops those that do not live on.
  void keep(const std::function<bool(const std::string& id)>& lives);
  size_t size() const { return sessions_.size(); }

 private:
  struct Open {
    std::string verdict;
    resolve::Memory after;
    bool answer_follows = false;
  };
  struct Kept {
    std::string id;
    resolve::Memory memory;
    std::optional<Open> open;
  };
  Kept* find_or_add(const std::string& id);
  std::list<Kept> sessions_;  ///< least recently heard of first; each check moves one to the end
};

}  // namespace cmdai::daemon
