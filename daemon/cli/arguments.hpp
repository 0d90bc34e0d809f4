#pragma once
// argv to Arguments.
#include "daemon/cli/command.hpp"
#include "libcore/base/result.hpp"

namespace cmdai::cli {

/// "policy template list" -> its three words.
std::vector<std::string_view> name_words(std::string_view name);

/// Options and operands in any order; `--` ends options; `--name=value`, `--name value`, `-n value`,
/// `-nvalue`, `-ab`. Errors name the nearest thing that exists. `--help` and `-h` are always taken, as option
/// "help".
Result<Arguments> parse_arguments(std::span<const std::string> words);

}  // namespace cmdai::cli
