#pragma once
// A command and what the catalogue says of it, one line a case.
//
// Each effect is its tag and, in braces, its target (below the project or the home written as people do) and
// its marks: r recursive, f force, p privileged, e elsewhere, ? not exactly known. Effects in order,
// separated by blanks; "" is "no effect".
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "libcore/commands/analyzer.hpp"

namespace cmdai::test {

inline constexpr std::string_view kCwd = "/home/u/project";

inline commands::Analysis analyzed(std::string_view command, std::string_view shell = "bash",
                                   Probe* probe = nullptr) {
  resolve::Session session;
  session.dialect = *dialect_from_name(shell);
  session.cwd = kCwd;
  session.home = "/home/u";
  session.user = "u";
  return commands::analyze(command, session, probe);
}

inline std::string shortened(const std::string& target) {
  if (target == kCwd) return ".";
  if (target.starts_with(std::string(kCwd) + '/')) return target.substr(kCwd.size() + 1);
  if (target == "/home/u") return "~";
  if (target.starts_with("/home/u/")) return '~' + target.substr(7);
  return target;
}

inline std::string brief(const effects::Effect& e) {
  std::string marks;
  if (e.recursive) marks += 'r';
  if (e.force) marks += 'f';
  if (e.privileged) marks += 'p';
  if (e.target.elsewhere) marks += 'e';
  if (!e.target.exact) marks += '?';
  std::string inside = shortened(e.target.text);
  if (!marks.empty()) inside += (inside.empty() ? "" : " ") + marks;
  return e.tag + (inside.empty() ? "" : '{' + inside + '}');
}

inline std::string effects_of(std::string_view command, std::string_view shell = "bash",
                              Probe* probe = nullptr) {
  std::string out;
  for (const effects::Effect& e : analyzed(command, shell, probe).effects)
    out += (out.empty() ? "" : " ") + brief(e);
  return out;
}

struct EffectCase {
  std::string_view command;
  std::string_view effects;
};

inline void check_effects(const std::vector<EffectCase>& cases, std::string_view shell = "bash") {
  for (const EffectCase& c : cases) {
    CAPTURE(c.command);
    CHECK(effects_of(c.command, shell) == c.effects);
  }
}

}  // namespace cmdai::test
