#pragma once
// What the programs of the network have in common.
#include <string>

#include "libcore/commands/call.hpp"

namespace cmdai::commands {

/// This machine, by name or address.
bool is_local(const std::string& host);

/// Bytes somebody else chose.
resolve::Value remote_data();
/// For CommandSpec::output.
resolve::Value remote_output(const Call& call);

}  // namespace cmdai::commands
