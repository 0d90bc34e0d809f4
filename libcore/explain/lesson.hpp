#pragma once
// A command line taken apart for somebody who wants to learn it: every simple command in the order it is
// written, what its parts mean, and how they hang together. Harmless lines, too.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/probe.hpp"
#include "libcore/explain/explain.hpp"
#include "libcore/resolve/session.hpp"

namespace cmdai::explain {

/// A word or option of a command. All texts are as in the line: not yet safe for a terminal.
struct LessonPart {
  enum class Kind : uint8_t { subcommand, option, operand, redirect, assignment };
  Kind kind = Kind::operand;
  std::string text;      ///< as written
  std::string says;      ///< what it is for; empty: nothing is known of it
  std::string resolved;  ///< the path, host or value it stands for, where that is not what is written
};

struct LessonStep {
  enum class Kind : uint8_t {
    command,
    construct,  ///< if, for, a function …: what it holds follows, one level deeper
  };
  Kind kind = Kind::command;
  uint32_t depth = 0;
  std::string joint;       ///< operator before it: "&&", "|"; or "$(", "sh -c": what it stands in
  std::string joint_says;  ///< the same in words
  std::string text;        ///< as written
  std::string program;     ///< of a command
  std::string says;        ///< what the program is for
  bool described = true;   ///< false: nothing is written about this program
  std::vector<LessonPart> parts;
};

struct Lesson {
  std::vector<LessonStep> steps;
  bool complete = true;  ///< false: the line is longer than what is shown
};

/// Reads and analyses the line again, watching: for explanations only, a verdict needs none of it.
Lesson teach(std::string_view command, const resolve::Session& session, Probe* probe);

/// For the terminal: as wide as the style says, control characters escaped.
std::string render(const Lesson& lesson, const Style& style);

/// The same content as a JSON object: `syntax`, `depends` (variables that decide it), `complete`, `commands`.
std::string to_json(const Lesson& lesson, const policy::Verdict& verdict, const commands::Analysis& analysis);

}  // namespace cmdai::explain
