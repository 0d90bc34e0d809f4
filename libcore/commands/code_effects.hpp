#pragma once
// What code in a scripting language does: the functions it calls, with their literal arguments, as effects.
// What reads like "run this in a shell" goes back to the shell's evaluator.
#include <string>

#include "libcore/commands/languages.hpp"
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// `depth`: how many texts evaluated by code it stands in.
void judge_code(const std::string& code, const Language& language, Sink& sink, resolve::Place place,
                int depth = 0);

/// julia -e 'open("/etc/cron.d/x", "w")': paths of keys and of places that start code, in code nobody reads.
void judge_mentioned(const Argument& word, Sink& sink);

}  // namespace cmdai::commands
