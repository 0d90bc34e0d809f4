#pragma once
// Switches by which programs stop looking at whom they talk to: certificates and signatures.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// An effect for options and settings among the words of a call that switch such a check off.
void judge_trust(const Invocation& invocation, Sink& sink);

/// The same for a variable that does it for the programs below.
void judge_trust_variable(const Invocation& invocation, const resolve::ResolvedAssignment& a, Sink& sink);

/// Lines of a package source that say its signature need not be looked at: sources.list(5).
void judge_source_list(const Value& content, const Argument& file, Sink& sink);

}  // namespace cmdai::commands
