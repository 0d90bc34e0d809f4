#pragma once
// The rule packs of config/rules, the templates of config/templates and the schemas of both, built into the
// program: it works with no file installed.
#include <span>

#include "libcore/policy/policy.hpp"

namespace cmdai::policy {

std::span<const SourceFile> builtin_packs();
/// Whole configurations for one kind of work each, by name ("templates/sre.toml").
std::span<const SourceFile> policy_templates();
/// JSON Schemas of the files people write, by name ("schema/config.schema.json").
std::span<const SourceFile> policy_schemas();
/// config/cmdai.toml as shipped: every key with its default and what it means.
std::string_view documented_settings();

}  // namespace cmdai::policy
