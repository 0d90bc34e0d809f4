#pragma once
// The value of an arithmetic expression, as far as what it names is known: C's operators over 64-bit
// integers. bash(1) ARITHMETIC EVALUATION, zshmisc(1) ARITHMETIC EVALUATION, dash(1) Arithmetic Expansion.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libcore/base/dialect.hpp"

namespace cmdai::resolve {

using Integer = std::optional<int64_t>;  ///< nullopt: not known

/// name or name[index]
struct ArithmeticPlace {
  std::string_view name;
  bool indexed = false;
  Integer index = std::nullopt;
};

/// The variables an expression reads and writes.
class ArithmeticNames {
 public:
  virtual ~ArithmeticNames() = default;
  /// What stands there, an expression in turn. nullopt: not known.
  virtual std::optional<std::string> value(const ArithmeticPlace& place) = 0;
  virtual void assign(const ArithmeticPlace& place, Integer value) = 0;
};

/// Stands in an expression for a word whose value is not known.
inline constexpr char kUnknownOperand = '\x01';

/// nullopt: not known, or an error for the shell. What it assigns is handed to `names` either way, as far as
/// it was read. Bounded in depth and steps; takes from `steps` what it used, and gives up at 0.
Integer evaluate(std::string_view expression, const Dialect& dialect, ArithmeticNames& names,
                 uint64_t& steps);

/// Where in `offset:length` the colon stands: none that belongs to a `?:`, or stands in brackets. npos: none.
size_t range_colon(std::string_view range);

}  // namespace cmdai::resolve
