#pragma once
// chmod's rights in words.
#include <string>
#include <string_view>

namespace cmdai::explain {

/// `755`: owner may read, write and run; group and others may read and run. `u+x`: owner may also run. Empty:
/// not of that form.
std::string mode_words(std::string_view mode);

}  // namespace cmdai::explain
