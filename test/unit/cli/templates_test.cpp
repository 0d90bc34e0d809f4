// The templates by their names.
#include <doctest/doctest.h>

#include "daemon/cli/command.hpp"
#include "daemon/cli/policy_template.hpp"
#include "libcore/policy/builtin_packs.hpp"

using namespace cmdai;

TEST_CASE("the templates that are offered are those that are built in") {
  std::string names;
  for (const policy::SourceFile& file : policy::policy_templates()) {
    const size_t begin = file.path.rfind('/') + 1;
    names += (names.empty() ? "" : " ") + file.path.substr(begin, file.path.rfind('.') - begin);
  }
  size_t offered = 0;
  for (const cli::CommandSpec& spec : cli::commands())
    if (spec.name == "policy template show" || spec.name == "policy template use") {
      CHECK(spec.choices == names);
      ++offered;
    }
  CHECK(offered == 2);
}

TEST_CASE("a template is found by its name alone") {
  for (const char* name : {"sre", "ci-runner"}) CHECK(cli::find_template(name));
  for (const char* name : {"", "sre.toml", "templates/sre", "SRE", "../sre"}) {
    CAPTURE(std::string(name));
    const auto found = cli::find_template(name);
    REQUIRE(!found);
    CHECK(!found.error().hint.empty());
  }
  CHECK(cli::find_template("ci-runer").error().hint == "did you mean `ci-runner`?");
  CHECK(cli::find_template("\x1b[2J").error().message.find('\x1b') == std::string::npos);
}
