// Lines that are cut short: every program with each of its options, as the last word and before others. What
// is asked of them is only that they are read; sanitizers and doctest see the rest.
#include <array>

#include "libcore/commands/catalogue.hpp"
#include "test/unit/commands/effects_of.hpp"

namespace cmdai::commands {
namespace {

constexpr std::array<std::string_view, 6> kTails = {"", " x", " x y", " -", " --", " ''"};

void read_all(const std::string& line) {
  CAPTURE(line);
  for (std::string_view tail : kTails) CHECK_NOTHROW(test::analyzed(line + std::string(tail)));
}

std::vector<std::string> spellings(const Option& option, Order order) {
  std::vector<std::string> out;
  if (option.letter != 0) out.push_back(std::string("-") + option.letter);
  if (!option.name.empty())
    out.push_back((order == Order::single_dash ? "-" : "--") + std::string(option.name));
  if (out.size() == 2) out.push_back(out[1] + '=');
  return out;
}

}  // namespace

TEST_CASE("no program minds an option without its value") {
  size_t programs = 0;
  for (std::string_view name : matching_commands("*", 100'000)) {
    const CommandSpec* spec = find_command(name);
    REQUIRE(spec != nullptr);
    ++programs;
    const std::string program(name);
    read_all(program);
    for (const Option& option : spec->options)
      for (const std::string& spelled : spellings(option, spec->order)) read_all(program + ' ' + spelled);
  }
  CHECK(programs > 500);
}

TEST_CASE("an interpreter without what it should run") {
  test::check_effects({{"python3 -m", "self.live-shell"},
                       {"python3 -c", "self.live-shell"},
                       {"node --run", ""},
                       {"perl -e", "self.live-shell"},
                       {"sh -c", ""}});
}

}  // namespace cmdai::commands
