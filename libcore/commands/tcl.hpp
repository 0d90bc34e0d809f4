#pragma once
// Tcl and expect: which programs a script starts and which files it deletes.
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

void judge_tcl(std::string_view code, Sink& sink, resolve::Place place);

}  // namespace cmdai::commands
