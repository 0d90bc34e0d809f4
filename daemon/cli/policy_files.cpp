#include "daemon/cli/policy_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/host/files.hpp"
#include "libcore/policy/toml_tree.hpp"

namespace cmdai::cli {
namespace {

/// Only an organization's document has these.
bool is_organization_key(const std::string& key) {
  return key == "organization" || key == "modes" || key == "defaults" || key == "group" || key == "exception";
}

}  // namespace

const char* describe(FileKind kind) {
  switch (kind) {
    case FileKind::settings: return "a configuration";
    case FileKind::allow_list: return "an allow list";
    case FileKind::project: return "a project file";
    case FileKind::rules: return "a rule pack";
    case FileKind::organization: return "an organization's document";
  }
  return "a file";
}

FileKind kind_of(const std::string& path, const std::string& text) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (name == ".cmdai.toml") return FileKind::project;
  if (name == "allow.toml") return FileKind::allow_list;
  if (name == "config.toml") return FileKind::settings;
  if (name == "organization.toml") return FileKind::organization;
  // A configuration may hold rules, a rule pack nothing but rules.
  const Result<policy::TomlNode> root = policy::parse_toml(text, path);
  if (!root || root->entries.empty()) return FileKind::settings;
  const auto& entries = root->entries;
  if (std::all_of(entries.begin(), entries.end(),
                  [](const auto& entry) { return entry.key == "family" || entry.key == "rule"; }))
    return FileKind::rules;
  const bool organization = std::any_of(entries.begin(), entries.end(),
                                        [](const auto& entry) { return is_organization_key(entry.key); });
  return organization ? FileKind::organization : FileKind::settings;
}

Result<FileKind> add_file(const std::string& path, policy::PolicySources& sources) {
  Result<std::string> text = host::read_file(path);
  if (!text) return fail(std::move(text.error()));
  const FileKind kind = kind_of(path, *text);
  policy::SourceFile file{path, std::move(*text)};
  switch (kind) {
    case FileKind::settings: sources.settings = std::move(file); break;
    case FileKind::allow_list: sources.allow_list = std::move(file); break;
    case FileKind::project: sources.project = std::move(file); break;
    case FileKind::rules: sources.user_packs.push_back(std::move(file)); break;
    case FileKind::organization: sources.organization = std::move(file); break;
  }
  return kind;
}

Result<void> add_organization_file(const std::string& path, policy::PolicySources& sources) {
  Result<std::string> text = host::read_file(path);
  if (!text) return fail(std::move(text.error()));
  if (kind_of(path, *text) == FileKind::rules) {
    sources.organization_packs.push_back({path, std::move(*text)});
    return {};
  }
  if (sources.organization)
    return fail(host::file_problem(
        path, fmt::format("an organization has one document: {} is one already", sources.organization->path),
        "rules go into packs of their own, which hold `family` and `[[rule]]` alone"));
  sources.organization = policy::SourceFile{path, std::move(*text)};
  return {};
}

}  // namespace cmdai::cli
