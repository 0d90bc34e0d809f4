#pragma once
// Runs the examples rules carry. `cmdai rules test` and the tests of the shipped packs are this.
#include <string>
#include <vector>

#include "libcore/policy/policy.hpp"

namespace cmdai::policy {

struct ExampleFailure {
  std::string rule;  ///< "[[example]]" for one of the settings
  Example example;
  std::string file;
  std::string message;  ///< "must be stopped, but nothing matches: deletes{…}"
};

struct ExampleReport {
  size_t passed = 0;
  std::vector<ExampleFailure> failures;
};

/// Checks every example of every rule in `policy`: a `stop` line must be matched by its own rule with at
/// least the rule's action for a person on `standard`, a `pass` line must not be matched by it, and a rule's
/// safer alternative must not be stopped (ask or block) by any rule. An `[[example]]` of the settings must
/// get exactly the answer it names. Pure; home is /home/u.
ExampleReport run_examples(const Policy& policy);

}  // namespace cmdai::policy
