#pragma once
// `when`, `unless` and what stands inside them.
#include "libcore/policy/field_reader.hpp"
#include "libcore/policy/rule.hpp"

namespace cmdai::policy {

/// A table, or an array of tables: one condition each.
std::vector<Condition> read_conditions(FieldReader& reader, const TomlEntry& entry, RuleSet& into);

}  // namespace cmdai::policy
