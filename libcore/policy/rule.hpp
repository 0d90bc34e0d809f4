#pragma once
// A rule as the reader leaves it: conditions as trees over effects, calls and text. docs/policy-format.md is
// the manual.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libcore/policy/policy.hpp"

namespace cmdai::policy {

/// Yes, no, or not asked for.
using Flag = std::optional<bool>;

/// Asks about one program call. Every field that is set must hold; a list means "one of".
struct CallTest {
  std::vector<std::string> programs;            ///< wildcards
  std::vector<std::vector<std::string>> words;  ///< the first operands: {"stash", "drop"}
  std::vector<std::string> options;  ///< long names as the catalogue knows them; or as typed when they begin
                                     ///< with a dash, and then with `=` and a wildcard over the value, too
  std::vector<std::string> without;  ///< none of these options, written as those of `options`
  std::vector<std::string> arguments;  ///< wildcards over each argument
  Flag known;
};

/// One `{…}` of `when`, `unless`, `all`, `any`, `not`, `beside`. Every part that is set must hold.
struct Condition {
  bool about_effect = false;  ///< any field of this group is set: looks at one effect
  uint32_t kinds = 0;         ///< bit set over effects::Kind; 0 = any
  uint32_t paths = 0;         ///< bit set over effects::PathClass; 0 = any
  uint32_t worst = 0;
  uint8_t certainties = 0;  ///< bit set over effects::Certainty; 0 = any
  uint32_t losses = 0;      ///< bit set over effects::Loss; 0 = any
  uint32_t reaches = 0;     ///< bit set over effects::Reach; 0 = any
  uint32_t branches = 0;    ///< bit set over effects::BranchRole; 0 = any
  std::vector<std::string> tags, targets, details, programs, via;  ///< wildcards
  Flag recursive, force, privileged, elsewhere, exact, glob;

  std::optional<CallTest> call;  ///< some call of the line
  std::vector<uint32_t>
      texts;  ///< some of these patterns (indices into RuleSet::patterns) is in the line or in code inside it
  uint64_t longer_than = 0;  ///< bytes; 0 = not asked
  Flag hidden;               ///< invisible, bidirectional or control characters in the line
  uint8_t statuses = 0;      ///< bit set over syntax::Status; 0 = any

  std::vector<Condition> all, any, none;
  std::vector<Condition> beside;  ///< each is true of some effect of the line, not necessarily this one
};

struct Rule {
  RuleInfo info;
  bool opaque_setting = false;    ///< `action = "opaque"`: the `[opaque]` setting decides
  std::vector<Condition> when;    ///< one of them holds …
  std::vector<Condition> unless;  ///< … and none of these, of the same effect
  Range id_place;                 ///< in its file
};

/// All rules of one file, and the patterns they point into.
struct RuleSet {
  std::vector<Rule> rules;
  std::vector<std::string> patterns;
  std::vector<Diagnostic> warnings;
};

/// Reads one pack. `layer` says whose it is: only shipped packs may hold core rules.
Result<RuleSet> read_rules(const SourceFile& file, Layer layer);
/// The user's own rules that stand in config.toml; there need not be any.
Result<RuleSet> read_rules_of_settings(const SourceFile& file);

/// Whether any part of the tree looks at an effect.
bool asks_about_effect(const Condition& condition);

}  // namespace cmdai::policy
