#pragma once
// Memory into the session of a line, as far as the line can have to do with it.
#include <string_view>
#include <vector>

#include "libcore/resolve/memory.hpp"
#include "libcore/resolve/session.hpp"

namespace cmdai::resolve {

/// Adds to `session` what it does not know itself and what these texts (the line, as run and as typed) may
/// ask for: by name, and what those texts ask for in turn. False: nothing of it matters to them.
bool recall(const Memory& memory, const std::vector<std::string_view>& texts, Session& session);

}  // namespace cmdai::resolve
