#pragma once
// What writing to a path means, whoever does it: a redirect, cp, tee, dd, an editor.
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

enum class Write : uint8_t {
  replace,
  append,
  create,  ///< refuses, or is not meant, to replace
  place,   ///< an entry of some name in a directory (cp a b DIR)
  edit,    ///< changed in place, the rest stays (sed -i)
};

void write_effect(Sink& sink, const Argument& path, Write how);

/// What is known of a file's content goes along with a copy; of a key, that it is one.
void copy_content(Sink& sink, const Value& from, const Value& to);

/// What is written into a start-up file or a git hook is code that runs later: it is read as such.
void judge_later_code(Sink& sink, const Value& content, const Argument& file);

/// Reading a path: an effect only where it holds secrets. Returns the taint the content carries.
Taint read_effect(Sink& sink, const Argument& path);

/// A private key, or the folder keys are kept in, put where neither has its place: beside it, or into another
/// such folder, it is looked after.
void judge_key_copy(Sink& sink, const Argument& source, const Argument& target);

}  // namespace cmdai::commands
