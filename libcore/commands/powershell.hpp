#pragma once
// PowerShell's cmdlets that delete, stop or switch off, in code given on a command line.
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Programs of this machine called in it are judged as in any shell.
void judge_powershell(std::string_view code, Sink& sink, resolve::Place place);

}  // namespace cmdai::commands
