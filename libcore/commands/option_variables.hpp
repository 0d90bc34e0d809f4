#pragma once
// Variables of the environment that programs take options from, or what they work on.
#include <string_view>

namespace cmdai::commands {

/// Without a name: from any.
bool takes_options_from(std::string_view program, std::string_view variable);

}  // namespace cmdai::commands
