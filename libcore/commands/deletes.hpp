#pragma once
// What deleting a path means, whoever does it: rm, find, an archiver.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Where the line itself goes into a sub-folder first (`cd build && rm -rf *`), what is deleted there is what
/// `rm -rf build/*` would delete; a variable that stops the line when it is empty (`${DIR:?}/*`) is not
/// empty.
Effect& delete_effect(Sink& sink, std::string_view tag, const Argument& path);

}  // namespace cmdai::commands
