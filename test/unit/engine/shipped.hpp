#pragma once
// The engine with the shipped policy, what is asked of it, and its answers as `action rule` (`allow` alone
// where nothing matches).
#include <doctest/doctest.h>

#include <string>

#include "libcore/engine.hpp"

namespace cmdai::test {

inline const Engine& shipped_engine() {
  static const Engine made([] {
    auto policy = policy::Policy::compile({});
    REQUIRE(policy);
    return Engine(*policy);
  }());
  return made;
}

inline Request request_for(std::string_view command, std::string_view shell = "bash",
                           std::string_view cwd = "/home/u/project") {
  Request request;
  request.command = command;
  request.session.dialect = *dialect_from_name(shell);
  request.session.cwd = cwd;
  request.session.home = "/home/u";
  request.session.user = "u";
  return request;
}

inline std::string brief(const Decision& decision) {
  std::string out(to_string(decision.verdict.action));
  if (const policy::Match* match = decision.verdict.decisive()) out += ' ' + match->rule;
  return out;
}

}  // namespace cmdai::test
