#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <cstdio>

#include "enterprise/collector/cli/arguments.hpp"
#include "enterprise/collector/cli/handlers.hpp"

namespace cmdai::collector::cli {

int run_help(const Arguments& given) {
  if (given.operands.empty()) {
    fmt::print("{}", overview());
    return 0;
  }
  std::string name = given.operands[0];
  if (given.operands.size() == 2) name += " " + given.operands[1];
  bool found = false;
  for (const Command& command : commands()) {
    if (command.name != name && !command.name.starts_with(name + " ")) continue;
    fmt::print("{}{}", found ? "\n" : "", help_of(command));
    found = true;
  }
  return found ? 0
               : complain(fmt::format("there is no command `{}`", name), "`cmdai-collector help` lists them");
}

}  // namespace cmdai::collector::cli

int main(int argc, char** argv) {
  using namespace cmdai::collector::cli;
  ::umask(0077);
  if (sodium_init() < 0) return complain("libsodium does not start");
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 1 && words[0] == "--version") {
    fmt::print("cmdai-collector {}\n", CMDAI_VERSION);
    return 0;
  }
  const auto parsed = parse(words);
  if (!parsed) return complain(parsed.error());
  if (parsed->command == nullptr) {
    fmt::print(words.empty() ? stderr : stdout, "{}", overview());
    return words.empty() ? 2 : 0;
  }
  if (parsed->help) {
    fmt::print("{}", help_of(*parsed->command));
    return 0;
  }
  return parsed->command->run(parsed->arguments);
}
