#pragma once
// `when`, `unless` and what stands inside them.
#include <span>

#include "libcore/policy/field_reader.hpp"
#include "libcore/policy/rule.hpp"

namespace cmdai::policy {

/// What `loss`, `context` and `branch` may say, in the order of their enumerations.
std::span<const std::string_view> loss_names();
std::span<const std::string_view> reach_names();
std::span<const std::string_view> branch_names();

/// A table, or an array of tables: one condition each.
std::vector<Condition> read_conditions(FieldReader& reader, const TomlEntry& entry, RuleSet& into);

}  // namespace cmdai::policy
