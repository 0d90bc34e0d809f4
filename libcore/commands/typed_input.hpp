#pragma once
// Lines behind a program that talks to people: pasted into a terminal, or typed by an agent, they are its
// input.
#include <optional>
#include <string>

#include "libcore/resolve/evaluator.hpp"

namespace cmdai::commands {

/// What follows `python`, `psql app`, `vi x` on the lines below, where nothing else feeds the program: the
/// shell hands them to it one by one. nullopt: no such program, or nothing follows. Not for scripts from the
/// disk, and not inside of loops and the like.
std::optional<std::string> typed_behind(const resolve::Invocation& invocation, resolve::Evaluator& evaluator);

/// vi, nano, emacs: whatever is typed into them ends up in the files they were started with.
bool is_editor(std::string_view program);

}  // namespace cmdai::commands
