// The pages on programs: that they can be read, and that they and the catalogue read a line alike.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "libcore/commands/catalogue.hpp"
#include "libcore/explain/manual.hpp"

using namespace cmdai;
using commands::Arg;
using explain::Entry;
using explain::Manual;
using explain::Page;

namespace {

/// With or without a value of its own word: what the rest of the line depends on.
bool takes_word(Arg arg) { return arg == Arg::value; }

struct Tables {
  std::span<const commands::Option> options;
  bool shared = false;  ///< by all subcommands
};

/// The catalogue's table that a page's options are read by.
Tables table_for(const Page& page) {
  const size_t blank = page.name.find(' ');
  const commands::CommandSpec* spec = commands::find_command(page.name.substr(0, blank));
  if (spec == nullptr) return {};
  if (blank == std::string::npos) return {spec->options, false};
  if (spec->subcommand_options != nullptr)
    return {spec->subcommand_options(page.name.substr(page.name.rfind(' ') + 1)), false};
  return spec->order == commands::Order::leading ? Tables{} : Tables{spec->options, true};
}

const commands::Option* find_option(std::span<const commands::Option> options, std::string_view spelling) {
  const bool letter = spelling.size() == 2 && spelling[0] == '-';
  const std::string_view name = spelling.substr(std::min(spelling.find_first_not_of('-'), spelling.size()));
  for (const commands::Option& o : options)
    if (letter ? o.letter == spelling[1] : o.name == name) return &o;
  return nullptr;
}

}  // namespace

TEST_CASE("every page can be read") {
  Manual manual;
  for (const explain::ManualText& file : explain::manual_texts()) {
    CAPTURE(file.name);
    std::string problem;
    manual.read(file.text, problem);
    CHECK(problem == "");
  }
  std::set<std::string> programs;
  for (const auto& [name, page] : manual.pages()) programs.insert(name.substr(0, name.find(' ')));
  CHECK(programs.size() >= 400);
}

TEST_CASE("a phrase is short, and a part of a sentence") {
  const auto is_good = [](std::string_view says) {
    return !says.empty() && says.size() <= 120 && says.back() != '.' &&
           says.find("  ") == std::string_view::npos;
  };
  for (const auto& [name, page] : Manual::builtin().pages()) {
    CAPTURE(name);
    CHECK(is_good(page.says));
    for (const Entry& e : page.entries) {
      CAPTURE(e.says);
      CHECK(is_good(e.says));
      CHECK_FALSE(e.spellings.empty());
    }
    for (const explain::Operands& o : page.operands) {
      CHECK_FALSE(o.roles.empty());
      CHECK(std::count_if(o.roles.begin(), o.roles.end(), [](const explain::Role& r) { return r.many; }) <=
            1);
      for (const explain::Role& r : o.roles) CHECK(is_good(r.says));
    }
    for (const std::string& other : page.includes) {
      CAPTURE(other);
      CHECK(Manual::builtin().pages().count(other) == 1);
    }
  }
}

TEST_CASE("pages and catalogue agree on which options take a value") {
  for (const auto& [name, page] : Manual::builtin().pages()) {
    const Tables table = table_for(page);
    for (const Entry& e : page.entries)
      for (const std::string_view spelling : e.spellings) {
        if (spelling[0] != '-' || e.to_semicolon) continue;
        const commands::Option* known = find_option(table.options, spelling);
        if (known == nullptr) continue;
        INFO(fmt::format("{} {}", name, spelling));
        if (e.differs)
          CHECK(table.shared);
        else
          CHECK(takes_word(known->arg) == takes_word(e.arg));
      }
  }
}

TEST_CASE("a page is found by all its names, and by versioned ones") {
  const Manual& manual = Manual::builtin();
  REQUIRE(manual.program("tar") != nullptr);
  CHECK(manual.program("bsdtar") == manual.program("tar"));
  CHECK(manual.program("python3.11") == manual.program("python"));
  CHECK(manual.program("git push") == nullptr);
  CHECK(manual.program("no-such-program") == nullptr);
  const Page* git = manual.program("git");
  REQUIRE(git != nullptr);
  REQUIRE(manual.subcommand(*git, "push") != nullptr);
  CHECK(manual.subcommand(*git, "pushh") == nullptr);
}

TEST_CASE("what is wrong with a page is said with its line") {
  struct Row {
    std::string_view text, problem;
  };
  for (const Row& row :
       {Row{"-x  alone\n", "line 1: it belongs to no page"},
        Row{"[a] does\n-x no phrase\n", "line 2: two blanks stand between the spellings and the phrase"},
        Row{"[a] does\n[b, a] does\n", "line 2: a second page of that name"},
        Row{"[a]\n", "line 1: a page begins with [names] and a phrase"},
        Row{"[a] does\n@sideways\n", "line 2: there is no such way to read options"}}) {
    CAPTURE(row.text);
    Manual manual;
    std::string problem;
    manual.read(row.text, problem);
    CHECK(problem == row.problem);
  }
}
