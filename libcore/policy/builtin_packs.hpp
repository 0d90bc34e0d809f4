#pragma once
// The rule packs of config/rules, built into the program: the guard works with no file installed.
#include <span>

#include "libcore/policy/policy.hpp"

namespace cmdai::policy {

std::span<const SourceFile> builtin_packs();
/// config/cmdai.toml as shipped: every key with its default and what it means.
std::string_view documented_settings();

}  // namespace cmdai::policy
