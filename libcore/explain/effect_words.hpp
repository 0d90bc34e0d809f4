#pragma once
#include <string>

#include "libcore/effects/effect.hpp"

namespace cmdai::explain {

/// `deletes /home/u/build [build], with everything in it`. Safe for a terminal.
std::string effect_words(const effects::Effect& effect);

}  // namespace cmdai::explain
