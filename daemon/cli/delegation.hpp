#pragma once
// Who judges an exec. The daemon has the say; it lends it to the guard for what rests on the words and the
// policy alone, as a file server delegates a file (RFC 8881, 10.4), and recalls it as soon as its verdicts
// may be others: the policy was read again, a plugin came. Everything else is the daemon's to judge: what a
// rule matches, what the disk has a part in, what the time has, what is long.
//
// In force is a delegation while its connection is open and nothing has come over it. The daemon sends the
// recall before it answers whoever changed the policy, so the next exec after that is judged by the new one.
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "libcore/base/result.hpp"
#include "shell-hooks/exec-guard/exec_call.hpp"

namespace cmdai::cli {

class Delegation {
 public:
  /// `actor`: agent:NAME, as the daemon would be told.
  Delegation(std::string actor, std::string home);
  ~Delegation();
  Delegation(const Delegation&) = delete;
  Delegation& operator=(const Delegation&) = delete;

  /// Asks the daemon, where it runs and none is in force. Takes as long as a policy takes to compile: for a
  /// thread nobody waits for. Returns whether one is in force.
  bool renew();
  /// Whether this exec is allowed by words and policy alone; `policy` is the one then. Quick, and nothing is
  /// looked up. From one thread.
  bool allows(const exec_guard::ExecCall& call, const std::vector<std::string>& lines, std::string& policy);

 private:
  struct Lent;
  std::shared_ptr<Lent> lent();

  std::string actor_, home_;
  std::mutex mutex_;  ///< of the pointer
  std::shared_ptr<Lent> lent_;
};

}  // namespace cmdai::cli
