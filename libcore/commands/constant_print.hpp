#pragma once
// What inline code prints, where it prints nothing but constants: python3 -c 'print("a" + chr(98))'.
#include <optional>
#include <string>
#include <string_view>

#include "libcore/commands/inline_code.hpp"

namespace cmdai::commands {

/// The whole standard output, line ends included. nullopt: something in it is no print of a constant. Linear
/// in the code; what is printed is bounded by 64 KiB.
std::optional<std::string> constant_print(std::string_view code, CodeStyle style);

}  // namespace cmdai::commands
