#pragma once
// Policy files by what they are, for commands that look at files which are not in force.
#include <string>

#include "libcore/base/result.hpp"
#include "libcore/policy/policy.hpp"

namespace cmdai::cli {

enum class FileKind { settings, allow_list, project, rules, organization };
/// With article: "a rule pack".
const char* describe(FileKind kind);

/// By its name and what it says.
FileKind kind_of(const std::string& path, const std::string& text);

/// Reads a file to where it belongs among `sources`; the rules as the user's own.
Result<FileKind> add_file(const std::string& path, policy::PolicySources& sources);

/// Reads an organization's document, or one of its rule packs.
Result<void> add_organization_file(const std::string& path, policy::PolicySources& sources);

}  // namespace cmdai::cli
