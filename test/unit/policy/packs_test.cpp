// The rule packs as shipped: every example is executed, every alternative passes, everything is documented.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "libcore/policy/builtin_packs.hpp"
#include "libcore/policy/examples.hpp"
#include "libcore/policy/tags.hpp"
#include "test/unit/policy/judge.hpp"

using namespace cmdai;
using namespace cmdai::policy;

TEST_CASE("every example of the shipped rules holds") {
  const auto policy = test::compile({});
  const ExampleReport report = run_examples(*policy);
  for (const ExampleFailure& f : report.failures) {
    CAPTURE(f.file);
    CAPTURE(f.example.line);
    CAPTURE(f.example.command);
    FAIL_CHECK(f.rule << ": " << f.message);
  }
  CHECK(report.passed > 500);
  CHECK(policy->warnings().empty());
}

TEST_CASE("an example that does not hold is reported") {
  PolicySources sources;
  sources.user_packs.push_back({"mine.toml", R"(family = "my"
[[rule]]
id = "my.rule"
severity = "high"
title = "t"
why = "w"
hint = "h"
safer = "rm -rf ~"
when = { effect = "deletes" }
stop = ["ls"]
pass = ["rm x"]
)"});
  ExampleReport report = run_examples(*test::compile(sources));
  // The rule also stops what shipped rules suggest; that is reported, and not what is looked at here.
  std::erase_if(report.failures, [](const ExampleFailure& f) { return f.rule != "my.rule"; });
  REQUIRE(report.failures.size() == 3);
  CHECK(report.failures[0].message.find("must be stopped") != std::string::npos);
  CHECK(report.failures[1].message.find("must pass") != std::string::npos);
  CHECK(report.failures[2].message.find("the safer way is itself stopped") != std::string::npos);
}

TEST_CASE("every rule has examples of both kinds, a reason and a hint") {
  for (const RuleInfo& rule : test::compile({})->rules()) {
    CAPTURE(rule.id);
    CHECK(std::any_of(rule.examples.begin(), rule.examples.end(),
                      [](const Example& e) { return e.must_stop; }));
    CHECK(std::any_of(rule.examples.begin(), rule.examples.end(),
                      [](const Example& e) { return !e.must_stop; }));
    CHECK(!rule.why.empty());
    CHECK(!rule.hint.empty());
    const bool reads_on = rule.title.starts_with("this ") || rule.title.starts_with("what ");
    CHECK(reads_on);  // after "cmdai: blocked:"
    CHECK(!rule.title.ends_with("."));
  }
}

TEST_CASE("core rules are the ones nobody can switch off") {
  std::set<std::string> core;
  for (const RuleInfo& rule : test::compile({})->rules())
    if (rule.core) core.insert(rule.id);
  for (const char* id : {"fs.delete-root", "fs.delete-home", "fs.delete-system", "disk.overwrite",
                         "disk.format", "self.disable", "self.policy", "core.too-long"}) {
    CAPTURE(id);
    CHECK(core.count(id) == 1);
  }
}

TEST_CASE("the documented configuration says the defaults") {
  const auto settings = parse_settings({"config/cmdai.toml", std::string(documented_settings())});
  REQUIRE_MESSAGE(settings, settings.error().render());
  const Settings defaults;
  CHECK(settings->human == defaults.human);
  CHECK(settings->agent == defaults.agent);
  CHECK(settings->opaque_human == defaults.opaque_human);
  CHECK(settings->opaque_agent == defaults.opaque_agent);
  CHECK(settings->on_unavailable == defaults.on_unavailable);
  CHECK(settings->rule_actions.empty());
  CHECK(settings->allow.empty());
  CHECK(settings->rule_files.empty());
}

TEST_CASE("the documented configuration names every key") {
  const std::string_view text = documented_settings();
  for (const char* key : {"on_unavailable", "rule_files", "[profile]", "human", "agent", "[opaque]",
                          "[rules]", "[[allow]]", "command", "path", "expires", "reason", "rule ="}) {
    CAPTURE(key);
    CHECK(text.find(key) != std::string_view::npos);
  }
}

TEST_CASE("docs/effects.md and the program know the same tags") {
  const char* root = std::getenv("CMDAI_SOURCE");
  REQUIRE(root != nullptr);
  std::ifstream file(std::string(root) + "/docs/effects.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string document = text.str();
  for (std::string_view tag : known_tags()) {
    CAPTURE(tag);
    CHECK(document.find('`' + std::string(tag) + '`') != std::string::npos);
  }
}
