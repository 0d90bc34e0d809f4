#pragma once
// Brace expansion over a flat list of cells: each byte of active text is one, everything quoted or expanded
// later is one opaque cell. Internal to libcore/resolve; the door is expand_braces in words.hpp.
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libcore/base/dialect.hpp"
#include "libcore/resolve/words.hpp"
#include "libcore/syntax/ast.hpp"

namespace cmdai::resolve {

struct BraceCell {
  char byte = '\0';                    ///< meaningful when `part` is text
  bool active = false;                 ///< a byte of unquoted text
  const syntax::Part* part = nullptr;  ///< where it came from; null for bytes a sequence made
  uint32_t offset = 0;                 ///< of the byte in part->text
};
using BraceCells = std::span<const BraceCell>;

struct BraceResult {
  std::vector<std::vector<BraceCell>> words;
  BraceCut cut = BraceCut::none;
};

/// {x..y}, {x..y..step}: the members, at most `limit` (then *truncated). nullopt: not a sequence in this
/// dialect.
std::optional<std::vector<std::string>> brace_sequence(const std::string& inside, const Dialect& dialect,
                                                       size_t limit, bool* truncated);

/// bash and fish and zsh differ in which braces count; sh has none (the caller does not ask then).
BraceResult expand_cells(BraceCells cells, const Dialect& dialect, size_t limit);

}  // namespace cmdai::resolve
