#pragma once
// One example of a rule (`stop`, `pass`) or of a configuration (`[[example]]`).
#include <span>
#include <string_view>

#include "libcore/policy/field_reader.hpp"

namespace cmdai::policy {

/// A text, or a table of what an example may say and of the fields `more` that its owner reads itself.
Example read_example(FieldReader& reader, const TomlNode& item, std::span<const std::string_view> more = {});

}  // namespace cmdai::policy
