#pragma once
// What a user set up for cmdai in an agent's configuration, copied to another home: our hooks, and the
// switches that turn hooks off. Nothing else comes along: no key, no other program, no server.
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/result.hpp"

namespace cmdai::agents {

/// `home`: the user's; the variables that move an agent's folder (CLAUDE_CONFIG_DIR, CODEX_HOME,
/// COPILOT_HOME, XDG_CONFIG_HOME) count. `into`: a home where the folders are in their usual places. Returns
/// the files in which something of ours was found. Errors: a file that cannot be read as what it should be,
/// with its name.
Result<std::vector<std::string>> copy_hooks(std::string_view agent, const std::string& home,
                                            const std::string& into);

}  // namespace cmdai::agents
