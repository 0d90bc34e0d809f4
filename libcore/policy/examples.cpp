#include "libcore/policy/examples.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cmdai::policy {
namespace {

struct Outcome {
  Verdict verdict;
  commands::Analysis analysis;
};

Outcome judge(const Policy& policy, const Example& example) {
  resolve::Session session;
  session.dialect = dialect_from_name(example.shell).value_or(Dialect{});
  session.cwd = example.cwd;
  session.home = "/home/u";
  session.user = "u";
  Outcome out;
  out.analysis = commands::analyze(example.command, session, nullptr);
  const Actor person;
  EvaluateInput input;
  input.command = example.command;
  input.analysis = &out.analysis;
  input.actor = &person;
  input.cwd = session.cwd;
  out.verdict = policy.evaluate(input);
  return out;
}

std::string list_effects(const commands::Analysis& analysis) {
  std::string out;
  for (const effects::Effect& e : analysis.effects) out += (out.empty() ? "" : "; ") + effects::dump(e);
  return out.empty() ? "no effect was found" : "found " + out;
}

const Match* find(const Verdict& verdict, const std::string& rule) {
  const auto it = std::find_if(verdict.matches.begin(), verdict.matches.end(),
                               [&](const Match& m) { return m.rule == rule; });
  return it == verdict.matches.end() ? nullptr : &*it;
}

class Runner {
 public:
  explicit Runner(const Policy& policy) : policy_(policy) {}

  ExampleReport run() {
    for (const RuleInfo& rule : policy_.rules()) {
      for (const Example& example : rule.examples) check(rule, example);
      if (!rule.safer.empty()) check_safer(rule);
    }
    return std::move(report_);
  }

 private:
  void check(const RuleInfo& rule, const Example& example) {
    const Outcome outcome = judge(policy_, example);
    const Match* match = find(outcome.verdict, rule.id);
    // A rule that is silent for people in this policy (action allow) cannot show in a verdict.
    const bool silent = rule.human_now == Action::allow;
    if (example.must_stop && match == nullptr && !silent)
      return failed(rule, example, "must be stopped by this rule; " + list_effects(outcome.analysis));
    if (!example.must_stop && match != nullptr)
      return failed(rule, example, "must pass this rule; " + list_effects(outcome.analysis));
    ++report_.passed;
  }

  void check_safer(const RuleInfo& rule) {
    Example example;
    example.command = rule.safer;
    example.cwd = "/home/u/project";
    example.must_stop = false;
    example.line = rule.line;
    const Outcome outcome = judge(policy_, example);
    if (strictness(outcome.verdict.action) >= strictness(Action::ask))
      return failed(rule, example,
                    fmt::format("the safer way is itself stopped by `{}`; {}",
                                outcome.verdict.decisive()->rule, list_effects(outcome.analysis)));
    ++report_.passed;
  }

  void failed(const RuleInfo& rule, const Example& example, std::string message) {
    report_.failures.push_back({rule.id, example, rule.file, std::move(message)});
  }

  const Policy& policy_;
  ExampleReport report_;
};

}  // namespace

ExampleReport run_examples(const Policy& policy) { return Runner(policy).run(); }

}  // namespace cmdai::policy
