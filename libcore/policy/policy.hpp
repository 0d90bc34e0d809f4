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

/// What the desktop shows of an agent's command that waits for a person.
enum class Notify : uint8_t {
  off,
  tell,  ///< what waits, and how to allow it in a terminal
  ask,   ///< with buttons
};

/// When something counts, in Unix seconds; 0 = no bound. At a `now` of 0 (no clock at hand: examples, lists)
/// everything counts.
struct Window {
  int64_t not_before = 0, expires = 0;
  bool bounded() const { return not_before != 0 || expires != 0; }
  bool holds(int64_t now) const { return now == 0 || (now >= not_before && !ended(now)); }
  bool ended(int64_t now) const { return expires != 0 && now >= expires; }
};

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
  Notify notify = Notify::tell;
  std::vector<std::string> rule_files;  ///< extra rule packs
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
  std::optional<Mode> mode;  ///< as its pack says
  Window window;
  uint32_t line = 0;
  Action human[3] = {Action::allow, Action::allow, Action::allow};  ///< by Profile
  Action agent[3] = {Action::allow, Action::allow, Action::allow};
  Action human_now = Action::allow;  ///< with profile, `[rules]` and all layers counted in
  Action agent_now = Action::allow;
  /// For agents with settings of their own.
  std::vector<std::pair<std::string, Action>> agents_now;
  std::vector<Example> examples;
};

/// What one layer says of one rule.
struct Say {
  Layer layer = Layer::core;
  std::string what;   ///< rule, profile, opaque, rules, defaults
  std::string group;  ///< of an organization's document; empty: it holds for everybody
  std::string file;
  uint32_t line = 0;
  Action action = Action::allow;
  Mode mode = Mode::enforce;
  Window window;
  bool counts = true;    ///< false: outside its time, or a proposal the user has decided otherwise
  bool decides = false;  ///< the action in force is this one's; of one rule one does
};

/// A rule as it is for one actor at one time, and why.
struct EffectiveRule {
  RuleInfo info;
  Action action = Action::allow;    ///< in force
  Action would_be = Action::allow;  ///< were nothing held back by a mode
  Mode mode = Mode::enforce;        ///< of the organization's part, where there is one
  Layer layer = Layer::core;        ///< that decided
  bool locked = false;              ///< the user can make it stricter only
  bool expired = false;             ///< the rule itself is outside its time
  std::vector<Say> says;
  std::vector<std::string> exceptions;  ///< ids of those that touch it and count now
};

/// What an organization's document says of itself.
struct OrganizationInfo {
  std::string name, version, contact, file;
  Window window;
  std::vector<std::string> groups;     ///< those of the document
  std::vector<std::string> member_of;  ///< those of them this device is in
};

struct PolicySources {
  std::vector<SourceFile> packs;  ///< shipped rule packs; empty: those built into the program
  bool built_in_core = true;      ///< core rules always come from the program itself, whatever the packs say
  std::vector<SourceFile>
      organization_packs;  ///< their rules are locked: below them everyone may only tighten
  std::optional<SourceFile>
      organization;  ///< an organization's document: lower bounds, proposals, modes, groups, exceptions
  std::vector<std::string> organization_groups;  ///< the groups of that document this device and user are in
  std::vector<SourceFile> user_packs;            ///< the user's own
  std::optional<SourceFile> settings;            ///< config.toml
  std::optional<SourceFile> allow_list;          ///< allow.toml
  std::optional<SourceFile> project;             ///< a trusted .cmdai.toml: may only tighten
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
  /// All that is wrong with the organization's document, for its author; also what compile() only warns of.
  static std::vector<Diagnostic> problems_of_organization(const PolicySources& sources);
  virtual ~Policy() = default;

  /// Thread-safe. Costs a few microseconds for an everyday line.
  virtual Verdict evaluate(const EvaluateInput& input) const = 0;
  virtual const Settings& settings() const = 0;
  virtual std::vector<RuleInfo> rules() const = 0;
  /// Every rule as it is for this actor at this time (Unix seconds), with the layers that had a say.
  virtual std::vector<EffectiveRule> effective(const Actor& actor, int64_t now) const = 0;
  /// nullopt: there is no document of an organization.
  virtual std::optional<OrganizationInfo> organization() const = 0;
  /// What no longer counts at `now`: a document, group, rule, bound or exception past its end.
  virtual std::vector<Diagnostic> expired(int64_t now) const = 0;
  /// Some part of it begins or ends: the same line may get another answer later.
  virtual bool changes_with_time() const = 0;
  /// Things worth telling that are no errors: a setting for a rule that does not exist, a rule that can never
  /// match.
  virtual std::vector<Diagnostic> warnings() const = 0;
  /// Changes when any input byte changes (hex, 16 digits): shown by status, written into events.
  virtual std::string fingerprint() const = 0;
};

}  // namespace cmdai::policy
