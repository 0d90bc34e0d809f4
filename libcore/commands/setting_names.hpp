#pragma once
// Looking at a settings file without seeing what is set: names, sections, counts.
#include <string_view>

#include "libcore/resolve/invocation.hpp"

namespace cmdai::commands {

/// Whether this filter shows no more than the names in `path`, a file of NAME=VALUE lines: `cut -d= -f1`,
/// `awk -F= '{print $1}'`, `sed 's/=.*//'`, `grep -o '^[A-Z_]*'`, `grep '^\['`, `wc -l`. A key has no names.
bool shows_names_only(const resolve::Invocation& invocation, std::string_view path);

}  // namespace cmdai::commands
