#pragma once
// Starts a program with its whole tree under a guard, and is the program to whoever waits for it.
//
// Three processes: the front (this one; its caller waits for it) passes signals on, stops when the program
// stops and ends as it ends. The guard, its child, holds the listener and judges; it stays until the last
// process of the tree has ended, also when the program left something running behind. The program is the
// guard's child. All are in one process group: the terminal's keys reach the program as if nothing were
// between. When the guard dies, the kernel lets no exec of the tree through any more.
#include <functional>
#include <string>
#include <vector>

namespace cmdai::exec_guard {

struct TreeHooks {
  /// In the program's process, before anything is guarded. Returns what went wrong; empty: nothing.
  std::function<std::string()> prepare;
  /// In the guard, single-threaded: takes over the listener. Threads may be started.
  std::function<void(int listener)> guard;
  /// In the guard, when the program has ended and before the caller knows: last words.
  std::function<void()> ended;
  /// In the guard, when nobody of the tree is left; the caller knows long since.
  std::function<void()> left;
  /// In the guard: another one guards this tree already, ours would never be asked.
  std::function<void()> nested;
};

constexpr int kCannotStart = 3;      ///< as cmdai's exit status
constexpr int kNotExecutable = 126;  ///< as in sh(1)
constexpr int kNotFound = 127;

/// Returns the program's exit status (128 + signal), in the front. Says on standard error what keeps the
/// program from starting.
int run_guarded(const std::vector<std::string>& argv, const TreeHooks& hooks);

}  // namespace cmdai::exec_guard
