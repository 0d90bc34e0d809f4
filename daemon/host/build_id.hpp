#pragma once
// Which build a program is: two of one version may judge differently.
#include <string_view>

namespace cmdai::host {

/// Twelve hex digits over what judges: the same in all programs of one build.
std::string_view build_id();

}  // namespace cmdai::host
