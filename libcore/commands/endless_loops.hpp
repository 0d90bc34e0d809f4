#pragma once
// `while true; do spawn_one & done`: processes without end. A loop that waits for something is an everyday
// one.
#include <map>
#include <optional>
#include <vector>

#include "libcore/resolve/invocation.hpp"

namespace cmdai::commands {

class EndlessLoops {
 public:
  /// A call, and the subshell it stands in (Evaluator::subshell).
  void note(const resolve::Invocation& call, uint32_t subshell);
  /// What such a loop starts again and again without ever waiting for it; nullopt: nothing.
  std::optional<resolve::Place> spawner() const;
  /// Forgets what held the loops up since `before`: it does not run. What they start there counts.
  void only_start_since(const EndlessLoops& before);

 private:
  enum class State : uint8_t { runs, waited_for, disowned };
  struct Job {
    resolve::Place place;
    uint32_t subshell = 0;  ///< whose job it is: `(wait)` waits for none of the shell outside
    State state = State::runs;
  };
  void change(uint32_t subshell, State to, bool all);

  std::vector<Job> jobs_;
  std::map<uint32_t, bool> waits_first_;  ///< by subshell: the first of `wait` and `disown` is `wait`
  bool held_up_ = false;                  ///< something runs in the foreground that takes its time
};

}  // namespace cmdai::commands
