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
  CHECK(settings->notify == defaults.notify);
  CHECK(defaults.notify == Notify::tell);
  CHECK(settings->rule_actions.empty());
  CHECK(settings->allow.empty());
  CHECK(settings->rule_files.empty());
}

TEST_CASE("the documented configuration names every key") {
  const std::string_view text = documented_settings();
  for (const char* key :
       {"on_unavailable", "rule_files", "[profile]", "human", "agent", "[opaque]", "[rules]", "[approval]",
        "notify", "[[allow]]", "command", "path", "expires", "reason", "rule ="}) {
    CAPTURE(key);
    CHECK(text.find(key) != std::string_view::npos);
  }
}

namespace {

std::shared_ptr<const Policy> with_template(const SourceFile& file) {
  PolicySources sources;
  sources.settings = file;
  return test::compile(sources);
}

}  // namespace

TEST_CASE("every template is taken without a word, and its examples hold") {
  CHECK(policy_templates().size() == 5);
  for (const SourceFile& file : policy_templates()) {
    CAPTURE(file.path);
    const auto policy = with_template(file);
    CHECK(policy->warnings().empty());
    for (const ExampleFailure& f : run_examples(*policy).failures) {
      CAPTURE(f.example.line);
      CAPTURE(f.example.command);
      FAIL_CHECK(f.rule << ": " << f.message);
    }
    const auto& examples = policy->settings().examples;
    CHECK(examples.size() >= 8);
    for (const Action action : {Action::allow, Action::ask, Action::block}) {
      if (action == Action::ask && file.path.find("ci-runner") != std::string::npos) continue;
      CHECK(std::any_of(examples.begin(), examples.end(),
                        [action](const ExpectedAnswer& e) { return e.human == action; }));
    }
  }
}

TEST_CASE("a template says at its head for whom it is and what it changes") {
  for (const SourceFile& file : policy_templates()) {
    CAPTURE(file.path);
    std::istringstream text(file.text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    REQUIRE(lines.size() > 20);
    CHECK(lines[0].starts_with("# "));
    CHECK(lines[0].size() <= 64);  // `cmdai policy template list`: a line of a terminal, with the name
    CHECK(lines[1].starts_with("# For: "));
    CHECK(lines[2].starts_with("# Changes: "));
    CHECK(lines[3].starts_with("#  "));
    CHECK(file.text.find("on_unavailable = ") != std::string::npos);
    CHECK(file.text.find("[profile]\nhuman = ") != std::string::npos);
    for (const std::string& line : lines) {
      CAPTURE(line);
      CHECK(line.size() <= (line.starts_with("#") ? 82U : 120U));
    }
  }
}

TEST_CASE("templates name their rules apart, so that two can be put together") {
  std::set<std::string> shipped, seen;
  for (const RuleInfo& rule : test::compile({})->rules()) shipped.insert(rule.family);
  for (const SourceFile& file : policy_templates())
    for (const RuleInfo& rule : with_template(file)->rules()) {
      if (rule.file != file.path) continue;
      CAPTURE(rule.id);
      CHECK(rule.layer == Layer::user);
      CHECK(shipped.count(rule.family) == 0);
      CHECK(seen.insert(rule.id).second);
      const bool reads_on = rule.title.starts_with("this ") || rule.title.starts_with("what ");
      CHECK(reads_on);
      CHECK(!rule.title.ends_with("."));
    }
}

TEST_CASE("the template of a build machine asks nobody") {
  for (const SourceFile& file : policy_templates()) {
    if (file.path != "templates/ci-runner.toml") continue;
    const auto policy = with_template(file);
    CHECK(policy->settings().on_unavailable == Action::block);
    for (const RuleInfo& rule : policy->rules()) {
      CAPTURE(rule.id);
      CHECK(rule.human_now != Action::ask);
      CHECK(rule.agent_now != Action::ask);
    }
  }
}

TEST_CASE("no template stops what everybody does every day") {
  for (const SourceFile& file : policy_templates()) {
    CAPTURE(file.path);
    const auto policy = with_template(file);
    for (const char* line : {"ls -la",
                             "cd src && make -j4",
                             "git status && git diff",
                             "git add -A && git commit -m 'fix the prod deletion'",
                             "git pull --rebase",
                             "npm ci && npm run build",
                             "python3 -m pytest -q",
                             "grep -rn 'delete from' src",
                             "kubectl get pods -A",
                             "terraform plan",
                             "docker compose up -d",
                             "aws s3 ls",
                             "rm -rf build/",
                             "rm -f a.o",
                             "curl -fsS https://example.org/status",
                             "echo 'kubectl --context prod delete ns web'",
                             "pip install -r requirements.txt",
                             "find . -name '*.py' | xargs wc -l",
                             "ssh host uptime",
                             "tar czf backup.tar.gz src",
                             "psql -c 'select 1'"}) {
      CAPTURE(line);
      CHECK(test::action(*policy, {line}) == "allow");
    }
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
