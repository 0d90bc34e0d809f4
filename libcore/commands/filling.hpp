#pragma once
// What find, fd, xargs and parallel do with the words of the command they run.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// The word with `with` in place of every `mark`, also inside code for a shell. Charged.
Value filled(Sink& sink, const Value& word, std::string_view mark, const Value& with);

/// All words filled.
std::vector<Argument> filled(Sink& sink, std::vector<Argument> words, std::string_view mark,
                             const Value& with);

bool mentions(const Argument& word, std::string_view mark);

}  // namespace cmdai::commands
