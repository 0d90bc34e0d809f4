// cmdai: the command.
#include <fmt/format.h>
#include <sodium.h>

#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/external.hpp"
#include "daemon/cli/help.hpp"
#include "daemon/cli/terminal.hpp"

namespace {

using namespace cmdai::cli;

int run(std::vector<std::string> words) {
  if (words.empty()) {
    talk(overview());
    return kUsage;
  }
  if (words[0] == "--help" || words[0] == "-h") words[0] = "help";
  if (words[0] == "--version" || words[0] == "-V") words[0] = "version";
  if (words.back() == "--help" || words.back() == "-h") {
    const std::string group = fmt::format("{}", fmt::join(words.begin(), words.end() - 1, " "));
    if (const std::string help = help_for_group(group); !help.empty()) return print(help), kDone;
  }
  if (const std::string program = external_program(words[0]); !program.empty()) return become(program, words);
  const auto arguments = parse_arguments(words);
  if (!arguments) return complain(arguments.error(), kUsage);
  if (arguments->has("help")) return print(help_for(*arguments->spec)), kDone;
  return arguments->spec->run(*arguments);
}

}  // namespace

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  if (sodium_init() < 0) return kNoAnswer;
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    return complain(std::string("unexpected error: ") + error.what(),
                    "please report this with the command you ran", kNoAnswer);
  }
}
