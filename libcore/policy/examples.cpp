#include "libcore/policy/examples.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/commands/file_writes.hpp"
#include "libcore/policy/example_reader.hpp"
#include "libcore/resolve/recall.hpp"

namespace cmdai::policy {
namespace {

struct Outcome {
  Verdict verdict;
  commands::Analysis analysis;
};

Outcome judge_in(const resolve::Session& session, const Policy& policy, const Example& example,
                 ActorKind who) {
  Outcome out;
  const bool writes = example.shell == kWritesFile;
  if (writes) {
    const commands::FileWrite file{example.command, true};
    out.analysis = commands::analyze_writes({&file, 1}, session, nullptr);
  } else {
    out.analysis = commands::analyze(example.command, session, nullptr);
  }
  for (effects::Effect& e : out.analysis.effects) e.facts = example.found;
  Actor actor;
  actor.kind = who;
  EvaluateInput input;
  if (!writes) input.command = example.command;
  input.analysis = &out.analysis;
  input.actor = &actor;
  input.cwd = session.cwd;
  out.verdict = policy.evaluate(input);
  return out;
}

/// What the lines before leave to the example's, each taken to have run.
resolve::Memory memory_of(const std::vector<std::string>& lines, const resolve::Session& session) {
  resolve::Memory memory;
  for (const std::string& line : lines) {
    resolve::Session here = session;
    resolve::recall(memory, {line}, here);
    commands::analyze(line, here, nullptr, &memory);
    ++memory.line;
  }
  return memory;
}

/// As the engine does: with what is remembered and without it, the stricter counts.
Outcome judge(const Policy& policy, const Example& example, ActorKind who = ActorKind::human) {
  resolve::Session session;
  session.dialect = dialect_from_name(example.shell).value_or(Dialect{});
  session.cwd = example.cwd;
  session.home = "/home/u";
  session.user = "u";
  Outcome out = judge_in(session, policy, example, who);
  if (example.before.empty()) return out;
  const resolve::Memory memory = memory_of(example.before, session);
  resolve::recall(memory, {example.command}, session);
  Outcome with = judge_in(session, policy, example, who);
  return strictness(with.verdict.action) > strictness(out.verdict.action) ? std::move(with) : std::move(out);
}

std::string list_effects(const commands::Analysis& analysis) {
  std::string out;
  for (const effects::Effect& e : analysis.effects) out += (out.empty() ? "" : "; ") + effects::dump(e);
  return out.empty() ? "no effect was found" : "found " + out;
}

/// Whether the rule holds of the line, also where a mode holds it back.
bool holds(const Verdict& verdict, const std::string& rule) {
  const auto same = [&rule](const auto& found) { return found.rule == rule; };
  return std::any_of(verdict.matches.begin(), verdict.matches.end(), same) ||
         std::any_of(verdict.observed.begin(), verdict.observed.end(), same);
}

class Runner {
 public:
  explicit Runner(const Policy& policy) : policy_(policy) {}

  ExampleReport run() {
    Actor agent;
    agent.kind = ActorKind::agent;
    const std::vector<EffectiveRule> for_people = policy_.effective({}, 0);
    const std::vector<EffectiveRule> for_agents = policy_.effective(agent, 0);
    for (size_t i = 0; i < for_people.size(); ++i) {
      const RuleInfo& rule = for_people[i].info;
      shows_to_people_ = for_people[i].would_be != Action::allow;
      shows_to_agents_ = for_agents[i].would_be != Action::allow;
      for (const Example& example : rule.examples) check(rule, example);
      if (!rule.safer.empty()) check_safer(rule);
    }
    for (const ExpectedAnswer& expected : policy_.settings().examples) {
      check_answer(expected, expected.human, ActorKind::human);
      check_answer(expected, expected.agent, ActorKind::agent);
    }
    return std::move(report_);
  }

 private:
  void check(const RuleInfo& rule, const Example& example) {
    // A rule that is silent for people in this policy (action allow) can show for agents only, or not at all.
    const ActorKind who = shows_to_people_ ? ActorKind::human : ActorKind::agent;
    const Outcome outcome = judge(policy_, example, who);
    const bool matched = holds(outcome.verdict, rule.id);
    const bool silent = !shows_to_people_ && !shows_to_agents_;
    if (example.must_stop && !matched && !silent)
      return failed(rule, example, "must be stopped by this rule; " + list_effects(outcome.analysis));
    if (!example.must_stop && matched)
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

  void check_answer(const ExpectedAnswer& expected, std::optional<Action> wanted, ActorKind who) {
    if (!wanted) return;
    const Outcome outcome = judge(policy_, expected.example, who);
    if (outcome.verdict.action == *wanted) {
      ++report_.passed;
      return;
    }
    const Match* decisive = outcome.verdict.decisive();
    report_.failures.push_back(
        {"[[example]]", expected.example, expected.file,
         fmt::format("must be `{}` for {}, but is `{}`{}; {}", to_string(*wanted),
                     who == ActorKind::human ? "a person" : "an agent", to_string(outcome.verdict.action),
                     decisive == nullptr ? "" : fmt::format(" by `{}`", decisive->rule),
                     list_effects(outcome.analysis))});
  }

  void failed(const RuleInfo& rule, const Example& example, std::string message) {
    report_.failures.push_back({rule.id, example, rule.file, std::move(message)});
  }

  const Policy& policy_;
  bool shows_to_people_ = false, shows_to_agents_ = false;  ///< the rule at hand
  ExampleReport report_;
};

}  // namespace

ExampleReport run_examples(const Policy& policy) { return Runner(policy).run(); }

}  // namespace cmdai::policy
