#pragma once
// The program calls of a line as the analysis came to them, kept for the lesson.
#include <optional>
#include <vector>

#include "libcore/commands/analyzer.hpp"

namespace cmdai::explain {

struct WatchedCall {
  resolve::Invocation call;
  size_t parent = SIZE_MAX;  ///< which call runs it; SIZE_MAX: the line itself
};

class WatchedCalls : public commands::CallWatcher {
 public:
  void enter(const resolve::Invocation& call) override;
  void leave() override;
  void bare(const resolve::Invocation& call) override;

  /// The first call written there: what it is in a loop's first turn.
  const WatchedCall* at(resolve::Place place) const;
  /// Assignments and redirects that stand there alone.
  const resolve::Invocation* bare_at(resolve::Place place) const;
  /// What a call runs by its own words (sudo, xargs, find -exec), each once.
  std::vector<const WatchedCall*> run_by(const WatchedCall& call) const;
  /// The shell that reads a source.
  std::optional<Dialect> dialect_of(uint32_t source) const;

 private:
  std::vector<WatchedCall> calls_;
  std::vector<resolve::Invocation> bare_;
  std::vector<size_t> open_;  ///< SIZE_MAX for those that are not kept
};

}  // namespace cmdai::explain
