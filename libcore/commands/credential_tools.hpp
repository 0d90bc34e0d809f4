#pragma once
// Programs made to take what others log in with, or to look for a way to become root, told by their names.
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// mimikatz, LaZagne.py, ./linpeas.sh: judges a program or script of that name; returns whether it is one.
bool judge_credential_tool(std::string_view name, resolve::Place place, Sink& sink);

/// Whether what stands in a text asks a person for a password in a window of its own: osascript(1).
bool asks_for_password(std::string_view script);

}  // namespace cmdai::commands
