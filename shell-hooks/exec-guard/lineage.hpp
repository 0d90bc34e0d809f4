#pragma once
// Who started what in the guarded tree, and which lines a person has let run there: their second half (the
// programs such a line starts) is not asked about again. Thread-safe.
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shell-hooks/exec-guard/exec_call.hpp"
#include "shell-hooks/exec-guard/tree_process.hpp"

namespace cmdai::exec_guard {

/// A line that a rule stopped and a person let run all the same.
struct Approved {
  std::string rule;
  std::set<std::string> effects;  ///< as the verdict told them
};

struct Ancestor {
  pid_t pid = 0;     ///< 0: none is known
  std::string line;  ///< what it runs
};

class Lineage {
 public:
  /// `numbers`: of a process; tests hand in their own.
  explicit Lineage(std::function<std::optional<ProcessNumbers>(pid_t)> numbers = numbers_of);

  /// The process runs this line from now on.
  void runs(const ExecCall& call, std::string line);
  /// … because a person let it.
  void approve(const ExecCall& call, Approved approved);
  /// Whether a line this process comes from was let run although the same rule stopped it, and did all that
  /// is said of this one. Nothing known of what it would do: never.
  bool covered(const ExecCall& call, const std::string& rule, const std::vector<std::string>& effects);
  /// The nearest line it comes from.
  Ancestor parent(const ExecCall& call);

 private:
  struct Member {
    std::string birth, line;
    std::vector<Approved> approved;  ///< of this process, whatever it has become since
  };
  Member* member(pid_t pid, const std::string& birth);
  void each_ancestor(const ExecCall& call, const std::function<bool(pid_t, const Member&)>& visit);
  void forget_ended();

  std::function<std::optional<ProcessNumbers>(pid_t)> numbers_;
  std::mutex mutex_;
  std::map<pid_t, Member> members_;
};

}  // namespace cmdai::exec_guard
