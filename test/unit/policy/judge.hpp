#pragma once
// A policy from texts, and the verdict on a line: what the tests of this folder share.
#include <doctest/doctest.h>

#include <string>

#include "libcore/policy/policy.hpp"

namespace cmdai::test {

inline std::shared_ptr<const policy::Policy> compile(const policy::PolicySources& sources) {
  auto made = policy::Policy::compile(sources);
  if (!made) FAIL(made.error().render());
  return *made;
}

struct Asked {
  std::string command;
  std::string cwd = "/home/u/project";
  policy::ActorKind actor = policy::ActorKind::human;
  int64_t now = 1'000'000;
  std::string agent = {};
};

inline policy::Verdict judge(const policy::Policy& policy, const Asked& asked) {
  resolve::Session session;
  session.cwd = asked.cwd;
  session.home = "/home/u";
  session.user = "u";
  const commands::Analysis analysis = commands::analyze(asked.command, session, nullptr);
  policy::Actor actor;
  actor.kind = asked.actor;
  actor.name = asked.agent;
  policy::EvaluateInput input;
  input.command = asked.command;
  input.analysis = &analysis;
  input.actor = &actor;
  input.cwd = asked.cwd;
  input.now = asked.now;
  return policy.evaluate(input);
}

inline std::string action(const policy::Policy& policy, const Asked& asked) {
  return std::string(to_string(judge(policy, asked).action));
}

}  // namespace cmdai::test
