#pragma once
// What the command line is made of. The one table of commands (table.cpp) is the only source for the parser,
// --help, the man page and the completions.
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cmdai::cli {

/// Exit statuses, stable (docs: cmdai(1)).
constexpr int kDone = 0;      ///< allow or warn; done
constexpr int kRefused = 1;   ///< ask or block; a check that did not pass
constexpr int kUsage = 2;     ///< the command line was wrong, or a file it names
constexpr int kNoAnswer = 3;  ///< no daemon, and none could be started

struct OptionSpec {
  std::string_view name;   ///< long form without dashes
  char letter = 0;         ///< 0: none
  std::string_view value;  ///< what stands for its value in the help, "PATH"; empty: a switch
  std::string_view help;
  std::string_view choices = {};  ///< blank-separated, for completion
  bool hidden = false;            ///< for our own hooks; in no help
};

struct Example {
  std::string_view command, what;
};

class Arguments;

struct CommandSpec {
  std::string_view name;      ///< one word or more: "check", "rules list", "policy template use"
  std::string_view operands;  ///< "[--] COMMAND"
  std::string_view summary;   ///< one line
  std::string_view details;   ///< paragraphs; may be empty
  std::span<const OptionSpec> options;
  std::span<const Example> examples;
  int (*run)(const Arguments&);
  std::string_view choices = {};  ///< what the first operand may be, for completion
  bool hidden = false;            ///< not in the overview
};

/// A command line taken apart by its spec.
class Arguments {
 public:
  const CommandSpec* spec = nullptr;
  std::vector<std::pair<std::string_view, std::string>> options;  ///< by long name
  std::vector<std::string> operands;

  bool has(std::string_view name) const;
  std::string get(std::string_view name, std::string_view otherwise = {}) const;
};

std::span<const CommandSpec> commands();

}  // namespace cmdai::cli
