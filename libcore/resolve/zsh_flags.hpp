#pragma once
// The small languages in zsh's brackets: ${(flags)name} and glob qualifiers. zshexpn(1), zsh 5.9.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::resolve {

/// What of `${(flags)…}` changes the words that come out, or evaluates them.
struct ExpansionFlags {
  bool evaluates = false;            ///< e, and % with prompt_subst: `$(…)` in the value runs
  bool indirect = false;             ///< P: the value is the name of another variable
  bool lower = false;                ///< L
  bool upper = false;                ///< U
  bool words = false;                ///< z: split as the shell would
  bool unquotes = false;             ///< Q
  std::optional<std::string> split;  ///< s:…:, f (lines), 0
  std::optional<std::string> join;   ///< j:…:, F (lines)
};
ExpansionFlags expansion_flags(std::string_view flags);

/// The argument between the delimiter at `at` and the one that closes it, brackets in pairs; `at` is moved
/// behind it. nullopt: there is none.
std::optional<std::string_view> delimited(std::string_view text, size_t& at);

/// The codes in a group `(…)` of glob qualifiers: `e:code:`, `oe:code:`, `+name`.
std::vector<std::string> qualifier_codes(std::string_view group);

}  // namespace cmdai::resolve
