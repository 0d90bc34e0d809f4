// The machine face of the parser alone, for oracles: what `cmdai debug parse --jsonl` does, without the rest
// of the CLI.
#include <iostream>

#include "daemon/cli/debug_parse.hpp"

int main() {
  std::ios::sync_with_stdio(false);
  return cmdai::cli::debug_parse(std::cin, std::cout, std::cerr);
}
