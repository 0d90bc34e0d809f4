#pragma once
// What programs that read files and standard input hand on.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

Value tainted(Value v, Taint taint);
/// Something not known, made of that.
Value unknown_like(const Value& input, Taint extra = Taint::none);

/// The files among the operands from `first` on, else standard input. The content of a file is unknown here,
/// but what kind of content it is is not.
Value file_output(const Call& call, size_t first = 0);

/// Every operand, and what comes by `<`, is read.
void reads_operands(const Call& call, Sink& sink);

}  // namespace cmdai::commands
