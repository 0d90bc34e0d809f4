#pragma once
// Rules, compiled once, immutable afterwards: shared between threads as shared_ptr<const Policy> and swapped
// whole.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/result.hpp"
#include "libcore/commands/analyzer.hpp"
#include "libcore/policy/verdict.hpp"

namespace cmdai::policy {

enum class Profile : uint8_t { relaxed, standard, strict };

/// An exact-command or path-scope exception a person made (config.toml, allow.toml).
struct AllowEntry {
  std::string id;       ///< stable short id, shown by `cmdai allow --list`
  std::string command;  ///< exact command text; or empty when `rule` + `path` scope it
  std::string rule;     ///< rule id it lifts; empty: any non-core rule
  std::string path;  ///< only where cwd (for a command) or every target (for a rule) is at or below this path
  bool below = true;    ///< also where cwd is below `path`; a command only
  int64_t expires = 0;  ///< Unix seconds; 0 = never
  std::string reason;
};

struct Example {
  std::string command;
  std::string cwd;  ///< default /home/u/project
  bool must_stop =
      true;  ///< decision >= the rule's action for a human on `standard`; else: the rule must not match
  std::string shell = "bash";
  std::vector<std::string> before;  ///< what the session ran earlier, one line after the other
  uint32_t line = 0;                ///< in the rule's file
  effects::Facts found;             ///< what the disk is said to tell of every effect; it is not looked at
};

/// An `[[example]]` of config.toml: what the whole policy is meant to answer to whom.
struct ExpectedAnswer {
  Example example;
  std::optional<Action> human, agent;  ///< at least one
  std::string file;
};

/// What differs for one agent: `[agents.NAME]`.
struct AgentSettings {
  std::string name;  ///< as in `actor=agent:NAME`
  std::optional<Profile> profile;
  std::optional<Action> opaque;
  std::vector<std::pair<std::string, Action>> rule_actions;  ///< before those for everybody
};

/// The user's settings (config/cmdai.toml documents every key).
struct Settings {
  Profile human = Profile::standard;
  Profile agent = Profile::standard;
  std::vector<std::pair<std::string, Action>>
      rule_actions;  ///< rule id or "family.*" -> action (core rules: only stricter)
  std::vector<AgentSettings> agents;
  std::vector<AllowEntry> allow;
  Action opaque_human = Action::warn;
  Action opaque_agent = Action::ask;
  Action on_unavailable = Action::warn;  ///< warn or block
  std::vector<std::string> rule_files;   ///< extra rule packs
  std::vector<ExpectedAnswer> examples;
};

/// A text and where it came from; the pure layer never opens files.
struct SourceFile {
  std::string path;
  std::string text;
};

Result<Settings> parse_settings(const SourceFile& file);
/// `[[allow]]` tables only (allow.toml, written by `cmdai allow`).
Result<std::vector<AllowEntry>> parse_allow_list(const SourceFile& file);
/// The entry as an `[[allow]]` table, ending in a newline; parse_allow_list() reads it back unchanged. A
/// command that is not UTF-8 cannot be said in TOML: nullopt.
std::optional<std::string> to_toml(const AllowEntry& entry);

/// What `cmdai rules list|show` prints.
struct RuleInfo {
  std::string id, family, severity, title, why, hint, file;
  std::string safer;  ///< a command that does it the safer way; may be empty. Shown after the hint
  Layer layer = Layer::core;
  bool core = false;
  uint32_t line = 0;
  Action human[3] = {Action::allow, Action::allow, Action::allow};  ///< by Profile
  Action agent[3] = {Action::allow, Action::allow, Action::allow};
  Action human_now = Action::allow;  ///< with profile, `[rules]` and all layers counted in
  Action agent_now = Action::allow;
  /// For agents with settings of their own.
  std::vector<std::pair<std::string, Action>> agents_now;
  std::vector<Example> examples;
};

struct PolicySources {
  std::vector<SourceFile> packs;  ///< shipped rule packs; empty: those built into the program
  bool built_in_core = true;      ///< core rules always come from the program itself, whatever the packs say
  std::vector<SourceFile>
      organization_packs;  ///< their rules are locked: below them everyone may only tighten
  std::optional<SourceFile>
      organization;                    ///< an organization's `[rules]`, `[profile]`, `[opaque]`: lower bounds
  std::vector<SourceFile> user_packs;  ///< the user's own
  std::optional<SourceFile> settings;  ///< config.toml
  std::optional<SourceFile> allow_list;  ///< allow.toml
  std::optional<SourceFile> project;     ///< a trusted .cmdai.toml: may only tighten
};

struct EvaluateInput {
  std::string_view command;
  std::string_view runs;  ///< where `command` is what was typed: what the shell makes of it
  const commands::Analysis* analysis = nullptr;
  const Actor* actor = nullptr;
  std::string_view cwd;
  int64_t now = 0;  ///< Unix seconds, for expiry
};

class Policy {
 public:
  static Result<std::shared_ptr<const Policy>> compile(const PolicySources& sources);
  virtual ~Policy() = default;

  /// Thread-safe. Costs a few microseconds for an everyday line.
  virtual Verdict evaluate(const EvaluateInput& input) const = 0;
  virtual const Settings& settings() const = 0;
  virtual std::vector<RuleInfo> rules() const = 0;
  /// Things worth telling that are no errors: a setting for a rule that does not exist, a rule that can never
  /// match.
  virtual std::vector<Diagnostic> warnings() const = 0;
  /// Changes when any input byte changes (hex, 16 digits): shown by status, written into events.
  virtual std::string fingerprint() const = 0;
};

}  // namespace cmdai::policy
