#pragma once
// A makefile as make reads it, as far as it takes to know what a goal runs. GNU make 4.3 manual.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/range.hpp"

namespace cmdai::commands {

struct Recipe {
  std::string text;  ///< as written, lines joined, without `@`, `-`, `+` in front
  Range range;       ///< in the makefile
};

struct MakeRule {
  std::vector<std::string> targets;  ///< words not expanded
  std::string prerequisites;
  std::vector<Recipe> recipes;
};

struct MakeVariable {
  std::string text;
  bool is_command = false;  ///< `NAME != command`
  bool immediate = false;   ///< `NAME := text`: its functions run when the file is read
};

/// Branches of conditionals are all taken, values for one target hold for all; what `include` and functions
/// bring in is not followed.
struct Makefile {
  std::map<std::string, MakeVariable, std::less<>> variables;
  std::vector<MakeRule> rules;
  std::vector<std::string> bare;  ///< lines that are functions alone: $(shell …)
};
/// Never fails: what is no makefile has no rules.
Makefile parse_makefile(std::string_view text);

/// Text with its `$(…)` replaced. A name nobody set stays a variable of the shell, `${NAME}`: make takes it
/// from there. A function leaves `${__unknown}`, but the commands of `$(shell …)` are put into `commands`.
std::string expand_make(std::string_view text,
                        const std::map<std::string, MakeVariable, std::less<>>& variables,
                        std::vector<std::string>& commands);

}  // namespace cmdai::commands
