#pragma once
// Other processes of this machine, as proc(5) shows them. Elsewhere than on Linux nothing is known of them.
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::host {

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  std::string name;       ///< 15 bytes at most; the process may have chosen it itself
  std::string birth;      ///< when it began, as the kernel counts; processes of one number differ in it
  bool terminal = false;  ///< it has a controlling one
};

/// nullopt: there is none of this number, or nobody can tell.
std::optional<Process> find_process(pid_t pid);
/// `birth` alone. Empty: nobody can tell.
std::string process_birth(pid_t pid);
/// The path of its executable; empty: not ours to see.
std::string process_program(pid_t pid);
/// The first words of its command line, 4 KiB in all; what it was started with, unless it wrote over them.
std::vector<std::string> process_words(pid_t pid);
/// Which of the names stand in the environment it was started with (128 KiB are looked at). What it or its
/// shell set later is not there.
std::vector<std::string> process_marks(pid_t pid, const std::vector<std::string>& names);

}  // namespace cmdai::host
