#pragma once
// Languages whose inline code is read, and what their functions do.
#include <cstdint>
#include <span>
#include <string_view>

#include "libcore/commands/inline_code.hpp"

namespace cmdai::commands {

/// What a called function does with its first string argument.
enum class Does : uint8_t { shell, argv, deletes, deletes_all, writes, appends, reads, moves, copies };

struct Callee {
  std::string_view name;  ///< last component of the dotted name, or all of it when it has a dot
  Does does;
  bool method = false;  ///< what it does, it does to the value it is called on: Path("f").unlink()
};

struct Language {
  std::string_view programs;
  std::span<const Callee> callees;
  CodeStyle style;
  bool speaks_of_paths = false;  ///< its functions for files are not taught: paths in strings are looked at
};

/// The function a call names; nullptr: none that is known.
const Callee* find_callee(std::span<const Callee> callees, const CodeCall& call);

/// Of a program by its name, version and all; Python when there is none.
const Language& language_of(std::string_view program);

}  // namespace cmdai::commands
