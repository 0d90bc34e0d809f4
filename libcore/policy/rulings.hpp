#pragma once
// What a rule that matches comes to for one actor at one time, after all layers spoke.
#include "libcore/policy/layers.hpp"

namespace cmdai::policy {

struct Who {
  bool agent = false;
  std::string_view name;  ///< of the agent
};
Who who_is(const Actor* actor);

struct Ruling {
  Action action = Action::allow;    ///< in force
  Action would_be = Action::allow;  ///< were nothing held back by a mode; never milder than `action`
  Action own = Action::allow;       ///< without the organization's locked part: what an exception leaves
  Action floor = Action::allow;     ///< the organization's part in force: no entry of the user's goes below
  Action bound = Action::allow;     ///< all of the organization's part, also what is held back
  Mode mode = Mode::enforce;        ///< of the organization's part that is held back, else enforce
};

/// Looks at the layers anew each time: it costs a few microseconds, for the rules that matched a line.
class Rulings {
 public:
  /// Keeps a reference to `layers`.
  explicit Rulings(const Layers& layers) : layers_(layers) {}

  Ruling of(const Rule& rule, const Who& who, int64_t now) const;

  /// The rule's action by profile or `[opaque]`, without the layers' `[rules]`.
  Action start(const Rule& rule, const Who& who, bool with_defaults, int64_t now) const;
  /// How far a part of the organization's counts for a rule; `part` null: a rule of its own.
  Mode mode_of(const OrganizationPart* part, const Rule& rule, int64_t now) const;
  /// The organization's document, if it counts at all.
  const OrganizationFile* organization(int64_t now) const;
  bool organization_counts(int64_t now) const;
  bool part_counts(const OrganizationPart& part, int64_t now) const;

  /// What the user's `[rules]` say of it, for this agent first.
  std::optional<Action> user_says(const Rule& rule, const Who& who, bool by_name_only) const;
  /// What the organization proposes for it.
  std::optional<Action> proposed(const Rule& rule, int64_t now) const;
  /// What the rule comes to without any locked part of the organization's.
  Action own(const Rule& rule, const Who& who, bool with_defaults, int64_t now) const;
  /// The most precise line of `[rules]` of a part that counts now.
  static std::optional<size_t> bound(const SettingsFile& file, std::string_view id, int64_t now);

 private:
  void add_part(const OrganizationPart& part, const Rule& rule, const Who& who, int64_t now,
                Ruling& into) const;
  void add_own_rule(const Rule& rule, const Who& who, int64_t now, Ruling& into) const;
  void add_proposals(const Rule& rule, const Who& who, int64_t now, Ruling& into) const;
  Profile profile(const Who& who, bool with_defaults, int64_t now) const;
  Action opaque(const Who& who, bool with_defaults, int64_t now) const;

  const Layers& layers_;
};

/// The lower bound that a part's profile and `[opaque]` are for a rule; nullopt: they say nothing of it.
std::optional<Action> profile_bound(const SettingsFile& part, const Rule& rule, const Who& who);

/// All layers' word on a rule, in the order of the layers.
std::vector<Say> says_of(const Layers& layers, const Rulings& rulings, const Rule& rule, const Who& who,
                         int64_t now);

/// Some part begins or ends.
bool has_times(const Layers& layers, const std::vector<Rule>& rules);
/// What has ended, each with its place.
std::vector<Diagnostic> expired_parts(const Layers& layers, const std::vector<Rule>& rules, int64_t now);

}  // namespace cmdai::policy
