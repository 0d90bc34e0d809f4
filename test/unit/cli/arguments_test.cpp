// The one table of commands and what takes a command line apart by it.
#include "daemon/cli/arguments.hpp"

#include <doctest/doctest.h>

#include <set>

#include "daemon/cli/help.hpp"

using namespace cmdai;
using namespace cmdai::cli;

namespace {

using Words = std::vector<std::string>;

/// "check json shell=fish | ls" or "error: message / hint".
std::string read(const Words& words) {
  const auto parsed = parse_arguments(words);
  if (!parsed) return "error: " + parsed.error().message + " / " + parsed.error().hint;
  std::string out(parsed->spec->name);
  for (const auto& [name, value] : parsed->options)
    out += " " + std::string(name) + (value.empty() ? "" : "=" + value);
  out += " |";
  for (const std::string& operand : parsed->operands) out += " " + operand;
  return out;
}

struct Case {
  Words words;
  std::string want;
};

}  // namespace

TEST_CASE("options and operands in every way they are written") {
  const Case cases[] = {
      {{"check", "ls"}, "check | ls"},
      {{"check", "--", "ls"}, "check | ls"},
      {{"check", "--json", "--", "--json"}, "check json | --json"},
      {{"check", "ls", "--json"}, "check json | ls"},
      {{"check", "-"}, "check | -"},
      {{"check", "--", "-"}, "check | -"},
      {{"check", "--", "--"}, "check | --"},
      {{"check", ""}, "check | "},
      {{"check", "--shell", "fish", "ls"}, "check shell=fish | ls"},
      {{"check", "--shell=fish", "ls"}, "check shell=fish | ls"},
      {{"check", "--cwd=", "ls"}, "check cwd | ls"},
      {{"check", "--cwd=a=b", "ls"}, "check cwd=a=b | ls"},
      {{"check", "-s", "fish", "ls"}, "check shell=fish | ls"},
      {{"check", "-sfish", "ls"}, "check shell=fish | ls"},
      {{"check", "-jls"}, "error: `-s` needs a value: NAME / `cmdai check --help` shows examples"},
      {{"check", "-jl", "ls"}, "check json local | ls"},
      {{"check", "-jsfish", "ls"}, "check json shell=fish | ls"},
      {{"check", "-s", "--json", "ls"}, "check shell=--json | ls"},
      {{"check", "--shell", "--", "ls"}, "check shell=-- | ls"},
      {{"rules", "list"}, "rules list |"},
      {{"rules", "show", "a.b"}, "rules show | a.b"},
      {{"policy", "check", "a", "b", "c"}, "policy check | a b c"},
      {{"log", "-n", "-1"}, "log lines=-1 |"},
      {{"allow", "--always", "--", "rm", "x"}, "allow always | rm x"},
      {{"help"}, "help |"},
      {{"policy", "template", "list"}, "policy template list |"},
      {{"policy", "template", "use", "-ny", "sre"}, "policy template use dry-run yes | sre"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.words);
    CHECK(read(c.words) == c.want);
  }
}

TEST_CASE("what is wrong is named, with the nearest that exists") {
  const Case cases[] = {
      {{"chek"}, "error: unknown command `chek` / did you mean `cmdai check`?"},
      {{"qqqqqq"}, "error: unknown command `qqqqqq` / `cmdai --help` shows what there is"},
      {{"rules"}, "error: `rules` needs one of: list, show, test / cmdai rules --help"},
      {{"rules", "lst"}, "error: unknown command `rules lst` / did you mean `rules list`?"},
      {{"rules", "--json"}, "error: unknown command `rules --json` / known are: list, show, test"},
      {{"policy", "template"},
       "error: `policy template` needs one of: list, show, use / cmdai policy template --help"},
      {{"policy", "templat"}, "error: unknown command `policy templat` / did you mean `policy template`?"},
      {{"policy", "template", "uze"},
       "error: unknown command `policy template uze` / did you mean `policy template use`?"},
      {{"policy", "--json", "template"},
       "error: unknown command `policy --json` / known are: check, effective, trust, untrust, schema, "
       "template"},
      {{"check", "--jsn"}, "error: unknown option `--jsn` / did you mean `--json`?"},
      {{"check", "--qqqq=1"}, "error: unknown option `--qqqq` / `cmdai check --help` shows what it takes"},
      {{"check", "-q"}, "error: unknown option `-q` / `cmdai check --help` shows what it takes"},
      {{"check", "--json=1"}, "error: `--json` takes no value / write `--json`"},
      {{"check", "--shell"}, "error: `--shell` needs a value: NAME / `cmdai check --help` shows examples"},
      {{"status", "x"},
       "error: `cmdai status` takes no operand, but got `x` / `cmdai status --help` shows what it takes"},
      {{"init", "zsh", "x"},
       "error: `cmdai init` takes one operand, but also got `x` / `cmdai init --help` shows what it takes"},
      {{"--jso"}, "error: unknown option `--jso` / `cmdai --help` shows what there is"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.words);
    CHECK(read(c.words) == c.want);
  }
}

TEST_CASE("nothing of the command line reaches the terminal as it is") {
  for (const Words& words : {Words{"\x1b[31m"}, Words{"check", "--\x1b[31m"}, Words{"status", "\x1b[31m"},
                             Words{"rules", "\x1b]0;x\a"}}) {
    const auto parsed = parse_arguments(words);
    REQUIRE(!parsed);
    CHECK(parsed.error().render().find('\x1b') == std::string::npos);
  }
}

TEST_CASE("--help is always taken, and excuses what else is missing or too much") {
  for (const CommandSpec& spec : commands()) {
    CAPTURE(spec.name);
    Words words;
    for (const std::string_view word : name_words(spec.name)) words.emplace_back(word);
    for (const char* flag : {"--help", "-h"}) {
      Words more = words;
      more.insert(more.end(), {"x", "y", flag});
      const auto parsed = parse_arguments(more);
      REQUIRE(parsed.has_value());
      CHECK(parsed->has("help"));
      CHECK((parsed->spec == &spec));
    }
  }
}

TEST_CASE("the last value of an option counts") {
  const auto parsed = parse_arguments(Words{"check", "-s", "zsh", "--shell=fish"});
  REQUIRE(parsed.has_value());
  CHECK(parsed->get("shell") == "fish");
  CHECK(parsed->get("cwd", "/here") == "/here");
  CHECK(!parsed->has("cwd"));
}

TEST_CASE("every row of the table is whole") {
  std::set<std::string_view> names;
  for (const CommandSpec& spec : commands()) {
    CAPTURE(spec.name);
    CHECK(names.insert(spec.name).second);
    CHECK(!spec.summary.empty());
    CHECK(spec.summary.back() != '.');
    CHECK((spec.run != nullptr));
    if (!spec.hidden) CHECK(!spec.examples.empty());
    std::set<std::string_view> options{"help"};
    std::set<char> letters{'h'};
    for (const OptionSpec& o : spec.options) {
      CAPTURE(o.name);
      CHECK(options.insert(o.name).second);
      if (o.letter != 0) CHECK(letters.insert(o.letter).second);
      CHECK(!o.help.empty());
      CHECK(o.help.back() != '.');
      if (!o.choices.empty()) CHECK(!o.value.empty());
    }
  }
}

TEST_CASE("every example is a command line that is taken") {
  for (const CommandSpec& spec : commands())
    for (const Example& e : spec.examples) {
      CAPTURE(e.command);
      CHECK(!e.what.empty());
      // The words after `cmdai`, as a shell would give them; quotes in the examples are single ones only.
      const size_t begin = e.command.find("cmdai ");
      REQUIRE(begin != std::string_view::npos);
      Words words{""};
      bool quoted = false;
      for (const char c : e.command.substr(begin + 6)) {
        if (c == '\'')
          quoted = !quoted;
        else if (!quoted && (c == '|' || c == '<' || c == '>' || c == ')'))
          break;
        else if (!quoted && c == ' ')
          words.emplace_back();
        else
          words.back() += c;
      }
      while (!words.empty() && words.back().empty()) words.pop_back();
      const auto parsed = parse_arguments(words);
      const std::string problem = parsed ? "" : parsed.error().render();
      CHECK(problem == "");
      if (parsed) CHECK((parsed->spec == &spec));
    }
}

TEST_CASE("help, manual and completions name every command and option") {
  const std::string manual = man_page();
  const std::string scripts[] = {completions("bash"), completions("zsh"), completions("fish")};
  for (const CommandSpec& spec : commands()) {
    if (spec.hidden) continue;
    CAPTURE(spec.name);
    CHECK(overview().find("  " + std::string(spec.name) + ' ') != std::string::npos);
    for (const OptionSpec& o : spec.options) {
      if (o.hidden) continue;
      CAPTURE(o.name);
      CHECK(help_for(spec).find("--" + std::string(o.name)) != std::string::npos);
      CHECK(scripts[0].find("--" + std::string(o.name)) != std::string::npos);
      CHECK(scripts[1].find("--" + std::string(o.name)) != std::string::npos);
      CHECK(scripts[2].find("-l " + std::string(o.name)) != std::string::npos);
    }
  }
  CHECK(completions("tcsh").empty());
  CHECK(help_for_group("nothing").empty());
  CHECK(help_for_group("rule").empty());
  CHECK(help_for_group("policy templ").empty());
  CHECK(help_for_group("policy template").find("policy template use") != std::string::npos);
  CHECK(help_for_group("rules").find("rules test") != std::string::npos);
  // roff: no line of text may begin with a control character, no bare backslash.
  for (size_t at = 0; at < manual.size(); at = manual.find('\n', at) + 1) {
    if (manual[at] == '\'') FAIL_CHECK("a text line begins with a quote: " << manual.substr(at, 40));
    if (manual.find('\n', at) == std::string::npos) break;
  }
}
