#pragma once
// Commands that other packages bring: `cmdai NAME` is cmdai-NAME of this installation's libexec directory.
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::cli {

/// The program for a first word that is no command of ours; empty: there is none. PATH is never looked at.
std::string external_program(std::string_view name);

/// Becomes the program, with the words behind its name. Returns only when that fails: the exit status.
int become(const std::string& program, const std::vector<std::string>& words);

}  // namespace cmdai::cli
