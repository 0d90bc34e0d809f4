#pragma once
// What holds for every tree, whatever the text. Shared by the unit tests and the fuzzers.
#include <string>

#include "libcore/syntax/parse.hpp"

namespace cmdai::syntax {

/// Empty when all hold, else which one does not: tokens concatenate to the source (when they were kept),
/// ranges lie in their parents, spans and pointers that the tree promises are there.
std::string broken_property(const Tree& tree, bool tokens_kept);

}  // namespace cmdai::syntax
