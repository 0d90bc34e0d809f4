#pragma once
// A question in the terminal that the guarded program has, too.
#include <sys/types.h>

#include <atomic>
#include <mutex>
#include <string>

namespace cmdai::cli {

enum class Reply { yes, no, none };  // none: nobody answered, or nobody can be asked any more

/// Thread-safe: one question at a time.
class TerminalQuestion {
 public:
  explicit TerminalQuestion(bool wanted) : wanted_(wanted) {}

  /// Whether a line could be typed here for us: our group is in the foreground (no shell of the tree has
  /// taken it for a job) and the terminal is in line mode (no full-screen program reads keys).
  bool possible() const;
  /// Shows `text` and asks. What was typed before is not an answer. Ends when `pid`, who waits, is gone.
  Reply ask(const std::string& text, pid_t pid);
  /// The terminal is the caller's again.
  void stop() { wanted_ = false; }

 private:
  std::atomic<bool> wanted_;
  std::mutex mutex_;
};

}  // namespace cmdai::cli
