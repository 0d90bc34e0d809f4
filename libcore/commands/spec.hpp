#pragma once
// How a program reads its command line, and what it does. One CommandSpec a program; tables live beside their
// handlers in one file a family. Facts come from the manual pages of Debian 12 unless a table says otherwise.
#include <cstdint>
#include <span>
#include <string_view>

#include "libcore/resolve/value.hpp"

namespace cmdai::commands {

class Call;
class Sink;

enum class Arg : uint8_t {
  none,
  value,
  optional,  ///< only glued on (--color=auto, -i.bak)
  digits,    ///< only glued on, and as far as it is a number, 0x… included (perl -l012ne)
};

struct Option {
  char letter = 0;        ///< 0: no short form
  std::string_view name;  ///< long form without dashes; also the name handlers ask for
  Arg arg = Arg::none;
};

enum class Order : uint8_t {
  permuted,     ///< GNU: options anywhere, long ones with two dashes, prefixes allowed
  leading,      ///< options end at the first operand (wrappers, most BSD tools)
  single_dash,  ///< long options with one dash too (find, terraform, openssl)
  raw,          ///< everything is an operand (dd, kill -9 …): the handler reads it
};

struct CommandSpec {
  std::string_view names;  ///< separated by blanks; the first is canonical
  std::span<const Option> options = {};
  Order order = Order::permuted;
  void (*effects)(const Call&, Sink&) = nullptr;
  resolve::Value (*output)(const Call&) =
      nullptr;  ///< standard output as far as known; null: unknown, taint of its input
  /// Of a program each of whose subcommands reads its words by a table of its own; empty: has none here.
  std::span<const Option> (*subcommand_options)(std::string_view name) = nullptr;
};

}  // namespace cmdai::commands
