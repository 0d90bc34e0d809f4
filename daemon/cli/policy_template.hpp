#pragma once
// The templates that are built in, by their names.
#include <string_view>

#include "libcore/base/result.hpp"

namespace cmdai::cli {

/// Its text. Error: no such template, with the nearest that exists.
Result<std::string_view> find_template(std::string_view name);

}  // namespace cmdai::cli
