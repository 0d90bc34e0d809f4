#pragma once
// find's expression, read once: where it starts and what each action is applied to.
#include <vector>

#include "libcore/commands/call.hpp"

namespace cmdai::commands {

/// What has been required of a file when an action is reached.
struct FindScope {
  bool narrowed = false;    ///< by a name, an age, a size …: the start point is not wholly meant
  bool files_only = false;  ///< -type f: no folder, so not the start point itself
  bool below = false;       ///< -mindepth: what is in the start point
  const resolve::Value* name = nullptr;  ///< the pattern, where one -name is the only test of names
};

struct FindAction {
  enum class Kind : uint8_t { remove, run, write, print };
  Kind kind = Kind::print;
  FindScope scope;
  const resolve::Argument* word = nullptr;        ///< the action's own
  std::vector<const resolve::Argument*> command;  ///< of run: its words; of write: the file
  bool nul = false;                               ///< of print: -print0
};

struct FindExpression {
  std::vector<const resolve::Argument*> starts;  ///< none: the current folder
  std::vector<FindAction> actions;               ///< an implicit -print included
};

/// find(1) of findutils 4.9. Borrows the words of the call. Linear in their number.
FindExpression read_find(const Call& call);

}  // namespace cmdai::commands
