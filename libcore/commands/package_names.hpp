#pragma once
// Names of packages that are a slip of the finger away from well-known ones, where somebody may lie in wait.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

enum class Registry : uint8_t { pypi, npm, crates, gems };

/// config/packages: both sorted.
struct PackageList {
  std::span<const std::string_view> top;   ///< often installed
  std::span<const std::string_view> near;  ///< real ones whose names are near one of those
};
PackageList package_list(Registry registry);

/// The well-known name this one is taken for; "": it is well known itself, or near none. A slip is two
/// letters in the wrong order, one left out or typed twice, one of a neighbouring key or of like shape, a
/// mark too few or another one; for PyPI and npm also the language's name in front or behind.
std::string_view likely_package(Registry registry, std::string_view name);

/// An effect when a word that names a package to be installed (NAME, NAME==1, NAME[extra], NAME@1) is such a
/// slip.
void judge_package_name(Sink& sink, Registry registry, const Argument& package);

}  // namespace cmdai::commands
