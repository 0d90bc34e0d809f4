#pragma once
// What the earlier lines of a session left behind, as a value: what a line knew goes in, what it leaves comes
// out. Whoever keeps it between two lines decides which of them ran. Everything in it may be old (a shell
// changes without telling, an agent's next command may get a fresh one), so that a line is judged with and
// without it.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "libcore/base/dialect.hpp"
#include "libcore/resolve/value.hpp"

namespace cmdai::resolve {

struct Memory {
  static constexpr size_t kMostEntries = 64;       ///< of each kind; the oldest go, suspect files last
  static constexpr size_t kMostBytes = 48 * 1024;  ///< of all together; the oldest go
  static constexpr size_t kLongest = 4 * 1024;     ///< what is longer is not kept

  struct Text {
    std::string text;
    uint64_t line = 0;  ///< which line of the session left it
  };
  struct File {
    std::string text;  ///< what was written, where it is known
    bool known = false;
    Taint taint = Taint::none;
    std::string host;  ///< where it was fetched; empty: not, or nobody knows
    uint64_t line = 0;
  };

  uint64_t line = 0;  ///< how many lines ran
  Shell shell = Shell::bash;
  std::map<std::string, Text, std::less<>> variables, aliases, functions;
  std::map<std::string, File, std::less<>> files;  ///< by absolute path
  std::string cwd;                                 ///< empty: not known

  /// Drops what is too much.
  void bound();
};

/// A variable's name that says its value is nobody's business: not kept.
bool is_secret_name(std::string_view name);
/// A text in which such a value may stand: not kept.
bool may_hold_secret(std::string_view text);

}  // namespace cmdai::resolve
