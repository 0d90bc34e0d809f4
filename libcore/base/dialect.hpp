#pragma once
// Which shell reads a line. One text has several meanings: the reader must be known.
#include <cstdint>
#include <optional>
#include <string_view>

namespace cmdai {

enum class Shell : uint8_t { bash, sh, zsh, fish };

/// A shell and the options that change how it reads a line. Plain data; copied freely.
struct Dialect {
  Shell shell = Shell::bash;
  uint16_t version = 0;      ///< major*100+minor, e.g. 502 for bash 5.2; 0 = the newest known
  bool interactive = false;  ///< zsh: comments off unless INTERACTIVE_COMMENTS
  bool extglob = false;      ///< bash: shopt -s extglob
  bool posix = false;
  bool alias_expansion = false;
  bool brace_expansion = true;
  friend constexpr bool operator==(const Dialect&, const Dialect&) = default;
};

/// Names of the machine face: bash, bash53, bash32, bash-interactive, sh, dash, zsh, zsh-interactive, fish
/// (3.6), fish4. Also accepts a path (/bin/zsh) and ksh/ash/busybox as sh. nullopt: not a shell we know.
std::optional<Dialect> dialect_from_name(std::string_view name);
std::string_view to_string(Shell shell);

}  // namespace cmdai
