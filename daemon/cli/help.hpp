#pragma once
// Texts made from the table: overview, help of one command, man page, completions.
#include <string>

#include "daemon/cli/command.hpp"

namespace cmdai::cli {

std::string overview();
std::string help_for(const CommandSpec& spec);
/// All commands of a group ("rules", "policy template"), or empty when there is none of that name.
std::string help_for_group(std::string_view group);

/// cmdai(1) in man(7) macros.
std::string man_page();
/// A completion script for bash, zsh or fish; empty for anything else.
std::string completions(std::string_view shell);

}  // namespace cmdai::cli
