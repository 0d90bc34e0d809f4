#pragma once
// One text for terminal, JSON and console: what was stopped, the line with a caret, why, hint, rule id last.
#include <string>
#include <string_view>

#include "libcore/commands/analyzer.hpp"
#include "libcore/policy/verdict.hpp"

namespace cmdai::explain {

struct Style {
  bool color = false;
  uint32_t width = 80;  ///< columns; long lines are windowed around the caret
  bool unicode = false;
  bool plain = false;  ///< for a screen reader: places in words, no marks below a line
};

/// Lines ending in a newline, of a warning exactly one; empty for a plain allow. Control, invisible and
/// bidirectional characters of the command are escaped.
std::string render(const policy::Verdict& verdict, const commands::Analysis& analysis, const Style& style);

/// One line without newline: `block: this removes your whole home directory (fs.delete-home)`.
std::string one_line(const policy::Verdict& verdict);

struct Lesson;

/// What `cmdai explain` prints for any command, also a harmless one: what its parts mean, what it would do,
/// and what is said about it.
std::string describe(const policy::Verdict& verdict, const commands::Analysis& analysis, const Lesson& lesson,
                     const Style& style);

/// The same without the verdict: for whoever has seen that already.
std::string describe_parts(const commands::Analysis& analysis, const Lesson& lesson, const Style& style);

/// An effect for people and programs: `deletes /home/u (fs.delete)`. Safe for a terminal.
std::string effect_line(const effects::Effect& effect);

/// Makes bytes safe to print on a terminal: C0/C1 controls, DEL, bidi and zero-width characters, invalid
/// UTF-8 as \xNN / \u{…}.
std::string printable(std::string_view bytes);

}  // namespace cmdai::explain
