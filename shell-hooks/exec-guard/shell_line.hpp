#pragma once
// An argv as the one line of shell that would run just that. Pure.
#include <span>
#include <string>
#include <string_view>

namespace cmdai::exec_guard {

/// The word in single quotes where a shell would read anything but its bytes.
std::string quoted_word(std::string_view word);

/// `program` in place of argv[0], then the other words.
std::string shell_line(std::string_view program, std::span<const std::string> argv);

/// How a line names the program at `path` (absolute, or with a slash): by its name alone in a folder of the
/// system's programs, as people and rules do; by its path anywhere else, for what lies there may be anything.
std::string program_word(std::string_view path);

/// What argv[0] calls the program when that is not what the file is called: programs of many names (busybox)
/// go by it. Empty: the same. A login shell's dash is not part of the name.
std::string other_name(std::string_view path, std::string_view argument_zero);

}  // namespace cmdai::exec_guard
