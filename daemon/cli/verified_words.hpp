#pragma once
// What `cmdai agents verify` last saw, in one line.
#include <string>

#include "daemon/host/verification.hpp"

namespace cmdai::cli {

/// "verified 3 minutes ago: guarded (0.169.0)", or what did not hold; `installed`: the agent's version now,
/// empty: unknown. A result of another version, of agent or cmdai, is called that.
std::string verified_words(const host::Verification& last, std::string_view installed, int64_t now);

}  // namespace cmdai::cli
