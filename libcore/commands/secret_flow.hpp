#pragma once
// Where the content of a key or credential file goes once it has been read: into a word of another command,
// or through a pipe or a here-string to the screen.
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Filters whose output is what they read, or tells it.
bool prints_what_it_reads(std::string_view program);

/// An effect for a secret among the words of a call or on its way through it to the screen, for calls whose
/// own handler has said nothing of it. Credentials that are used (a password option, `docker login`, the
/// environment of a child) are no effect.
void judge_secret_flow(const Invocation& invocation, Sink& sink);

/// Whether the call's output goes into a word or a file of another command, by `$(…)`, `<(…)` or `=(…)`.
bool is_captured(const Invocation& invocation);

/// Whether the secret on its input or among its words is a credential for it: `docker login
/// --password-stdin`, `ssh-add -`, the clipboard.
bool takes_secret_input(const Invocation& invocation);

}  // namespace cmdai::commands
