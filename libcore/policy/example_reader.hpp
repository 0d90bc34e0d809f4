#pragma once
// One example of a rule (`stop`, `pass`) or of a configuration (`[[example]]`).
#include <span>
#include <string_view>

#include "libcore/policy/field_reader.hpp"

namespace cmdai::policy {

/// The `shell` of an example that is no command: `command` is the path of a file that is written as a whole.
inline constexpr std::string_view kWritesFile = "file-write";

/// A text, or a table of what an example may say and of the fields `more` that its owner reads itself.
Example read_example(FieldReader& reader, const TomlNode& item, std::span<const std::string_view> more = {});

}  // namespace cmdai::policy
