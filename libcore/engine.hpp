#pragma once
// The facade of libcore: a request in, a verdict and everything it rests on out. Pure: no clock, environment
// or disk but what the caller hands in. Thread-safe: all state is in the immutable policy.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/probe.hpp"
#include "libcore/commands/analyzer.hpp"
#include "libcore/commands/file_writes.hpp"
#include "libcore/explain/explain.hpp"
#include "libcore/policy/policy.hpp"
#include "libcore/resolve/memory.hpp"
#include "libcore/resolve/session.hpp"

namespace cmdai {

/// Longer commands are a finding of their own (rule `core.too-long`), never truncated and allowed.
constexpr size_t kMaxCommandBytes = 256 * 1024;

struct Request {
  std::string_view command;  ///< what the shell will run: history and aliases expanded
  std::string_view typed;    ///< what was typed, where it differs; judged too, the stricter of both counts
  /// Not a command: files that are written without a shell. Then both texts are empty, and memory does not
  /// count.
  std::vector<commands::FileWrite> writes;
  resolve::Session session;  ///< dialect, cwd, home, known variables, aliases, functions
  /// What earlier lines of the session left, the caller's; null: nobody keeps it. The line is judged with and
  /// without it, the stricter of both counts.
  const resolve::Memory* memory = nullptr;
  policy::Actor actor;
  int64_t now = 0;  ///< Unix seconds
};

struct Decision {
  policy::Verdict verdict;
  commands::Analysis analysis;
  /// Where the request had one: what the next line gets, should this one run.
  std::optional<resolve::Memory> memory;
  bool recalled = false;  ///< what is said rests on memory: values in `analysis` are not for any record
};

class Engine {
 public:
  explicit Engine(std::shared_ptr<const policy::Policy> policy) : policy_(std::move(policy)) {}
  Decision check(const Request& request, Probe* probe) const;
  const policy::Policy& policy() const { return *policy_; }

 private:
  Decision check_writes(const Request& request, Probe* probe) const;
  policy::Verdict evaluate(std::string_view text, const Request& request,
                           const commands::Analysis& analysis) const;
  Decision judge(std::string_view text, const Request& request, Probe* probe, resolve::Memory* memory) const;
  Decision check_session(const Request& request, Probe* probe) const;
  Decision judge_both(const Request& request, Probe* probe, resolve::Memory* memory) const;
  std::shared_ptr<const policy::Policy> policy_;
};

}  // namespace cmdai
