#pragma once
// Lines behind a program that talks to people: pasted into a terminal, or typed by an agent, they are its
// input.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/resolve/evaluator.hpp"

namespace cmdai::commands {

/// The name of a source that a shell reads from its standard input, line by line: what it starts reads on
/// from there.
inline constexpr std::string_view kReadAlong = "standard input";

/// What follows `python`, `psql app`, `vi x` on the lines below, where nothing else feeds the program: the
/// shell hands them to it one by one. nullopt: no such program, or nothing follows. Not for scripts from the
/// disk, and not inside of loops and the like.
std::optional<std::string> typed_behind(const resolve::Invocation& invocation, resolve::Evaluator& evaluator);

/// Lines of what is typed into a program that it hands to a shell: `!CODE` in less, `:!CODE` in vi,
/// `shell CODE` in gdb.
std::vector<std::string> shell_lines(std::string_view program, std::string_view typed);

/// vi, nano, emacs: whatever is typed into them ends up in the files they were started with.
bool is_editor(std::string_view program);

}  // namespace cmdai::commands
