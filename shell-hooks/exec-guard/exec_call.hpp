#pragma once
// One exec as it stands in a waiting process: which file, with which words, where.
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "libcore/base/result.hpp"

struct seccomp_notif;

namespace cmdai::exec_guard {

struct ExecCall {
  uint64_t id = 0;        ///< of the notification
  pid_t thread = 0;       ///< that called
  pid_t pid = 0;          ///< its process
  pid_t parent = 0;       ///< of the process, while it waits; 0: not known
  std::string birth;      ///< two processes of one number differ in it; add_numbers() finds it
  pid_t grandparent = 0;  ///< with parent_birth, where the parent may be gone when it is asked about
  std::string parent_birth;
  std::string path;               ///< of the file, absolute; as the tree sees it
  std::vector<std::string> argv;  ///< at least one word
  std::string cwd;                ///< empty: nobody may know
  int missing = 0;                ///< errno where there is no such file: the kernel would say the same
};

/// Error: what cannot be read cannot be judged. The notification may have ended meanwhile: ask is_waiting().
Result<ExecCall> read_exec(const seccomp_notif& notification);

/// `missing` once more, precisely: a tree with a root of its own may lack what has its name here.
int missing_in_its_root(const ExecCall& call);

/// Fills in `birth`, and `parent` where it is not known; nothing when the process is gone.
void add_numbers(ExecCall& call);

/// Whether the notification is still waiting for its answer: what was read before the call was of the very
/// process then.
bool is_waiting(int listener, uint64_t id);

/// The lines that say what an exec would run; the strictest verdict counts. The first one is how a person
/// would write it; others name the program as argv[0] does or as the file behind a link is called.
std::vector<std::string> lines_of(const ExecCall& call);

}  // namespace cmdai::exec_guard
