#include "libcore/policy/rulings.hpp"

#include <algorithm>

namespace cmdai::policy {
namespace {

Action mildest(Action a, Action b) { return strictness(b) < strictness(a) ? b : a; }
bool stricter(Action a, Action b) { return strictness(a) > strictness(b); }

/// What a part adds under its mode.
Action held(Action action, Mode mode) {
  if (mode == Mode::observe) return Action::allow;
  return mode == Mode::warn ? mildest(action, Action::warn) : action;
}

/// Adds a locked part of the organization's.
void add(Ruling& into, Action action, Mode mode) {
  const Action counted = held(action, mode);
  into.action = strictest(into.action, counted);
  into.floor = strictest(into.floor, counted);
  into.bound = strictest(into.bound, action);
  if (stricter(action, into.would_be) || (action == into.would_be && mode > into.mode)) into.mode = mode;
  into.would_be = strictest(into.would_be, action);
}

template <class Entries>
std::optional<Action> override_in(const Entries& entries, std::string_view id, bool by_name_only) {
  const auto at =
      most_precise(entries, id, [&](size_t i) { return !by_name_only || entries[i].first != "*"; });
  return at ? std::optional(entries[*at].second) : std::nullopt;
}

/// What a layer says of a rule: for this agent first, then for everybody.
std::optional<Action> override_in(const SettingsFile& file, std::string_view id, const Who& who,
                                  bool by_name_only) {
  if (const AgentSettings* own = who.agent ? settings_of(file.settings, who.name) : nullptr)
    if (const auto action = override_in(own->rule_actions, id, by_name_only)) return action;
  return override_in(file.settings.rule_actions, id, by_name_only);
}

/// A layer that may only tighten is heard twice: what it says of everybody holds for the agent, too.
Action tightened(Action action, const std::optional<SettingsFile>& file, std::string_view id, const Who& who,
                 bool by_name_only) {
  if (!file) return action;
  if (const auto all = override_in(file->settings.rule_actions, id, by_name_only))
    action = strictest(action, *all);
  if (const auto own = override_in(*file, id, who, by_name_only)) action = strictest(action, *own);
  return action;
}

Action by_profile(const Rule& rule, const Who& who, Profile profile) {
  return (who.agent ? rule.info.agent : rule.info.human)[static_cast<size_t>(profile)];
}

}  // namespace

Who who_is(const Actor* actor) {
  if (actor == nullptr || actor->kind == ActorKind::human) return {};
  return {true, actor->name};
}

std::optional<Action> profile_bound(const SettingsFile& part, const Rule& rule, const Who& who) {
  std::optional<Action> out;
  const auto take = [&out](Action action) { out = out ? strictest(*out, action) : action; };
  const AgentSettings* own = who.agent ? settings_of(part.settings, who.name) : nullptr;
  if (rule.opaque_setting) {
    if (who.agent ? part.sets_opaque_agent : part.sets_opaque_human)
      take(who.agent ? part.settings.opaque_agent : part.settings.opaque_human);
    if (own != nullptr && own->opaque) take(*own->opaque);
    return out;
  }
  if (who.agent ? part.sets_agent : part.sets_human)
    take(by_profile(rule, who, who.agent ? part.settings.agent : part.settings.human));
  if (own != nullptr && own->profile) take(by_profile(rule, who, *own->profile));
  return out;
}

const OrganizationFile* Rulings::organization(int64_t now) const {
  const bool counts = layers_.organization && layers_.organization->document().window.holds(now);
  return counts ? &*layers_.organization : nullptr;
}

bool Rulings::organization_counts(int64_t now) const { return organization(now) != nullptr; }

bool Rulings::part_counts(const OrganizationPart& part, int64_t now) const {
  return part.counts && part.window.holds(now) && organization_counts(now);
}

std::optional<size_t> Rulings::bound(const SettingsFile& file, std::string_view id, int64_t now) {
  return most_precise(file.settings.rule_actions, id,
                      [&](size_t i) { return file.rule_terms[i].window.holds(now); });
}

namespace {

/// A proposal for one setting: that of the device's groups, the strictest of them, before the document's.
template <class Value, class Read>
std::optional<Value> proposal(const Rulings& rulings, int64_t now, Read read) {
  const OrganizationFile* file = rulings.organization(now);
  if (file == nullptr) return std::nullopt;
  std::optional<Value> out;
  const auto& parts = file->parts;
  for (size_t i = 1; i < parts.size(); ++i)
    if (rulings.part_counts(parts[i], now)) read(parts[i].defaults, out);
  if (!out) read(parts.front().defaults, out);
  return out;
}

}  // namespace

Profile Rulings::profile(const Who& who, bool with_defaults, int64_t now) const {
  std::optional<Profile> out;
  if (layers_.user) {
    const Settings& user = layers_.user->settings;
    const AgentSettings* own = who.agent ? settings_of(user, who.name) : nullptr;
    if (own != nullptr && own->profile)
      out = own->profile;
    else if (who.agent ? layers_.user->sets_agent : layers_.user->sets_human)
      out = who.agent ? user.agent : user.human;
  }
  if (!out && with_defaults)
    out = proposal<Profile>(*this, now, [&](const SettingsFile& from, std::optional<Profile>& best) {
      if (!(who.agent ? from.sets_agent : from.sets_human)) return;
      const Profile said = who.agent ? from.settings.agent : from.settings.human;
      best = best ? std::max(*best, said) : said;
    });
  Profile profile = out.value_or(Profile::standard);
  if (layers_.project) {
    const Settings& project = layers_.project->settings;
    if (who.agent ? layers_.project->sets_agent : layers_.project->sets_human)
      profile = std::max(profile, who.agent ? project.agent : project.human);
    const AgentSettings* own = who.agent ? settings_of(project, who.name) : nullptr;
    if (own != nullptr && own->profile) profile = std::max(profile, *own->profile);
  }
  return profile;
}

Action Rulings::opaque(const Who& who, bool with_defaults, int64_t now) const {
  std::optional<Action> out;
  if (layers_.user) {
    const Settings& user = layers_.user->settings;
    const AgentSettings* own = who.agent ? settings_of(user, who.name) : nullptr;
    if (own != nullptr && own->opaque)
      out = own->opaque;
    else if (who.agent ? layers_.user->sets_opaque_agent : layers_.user->sets_opaque_human)
      out = who.agent ? user.opaque_agent : user.opaque_human;
  }
  if (!out && with_defaults)
    out = proposal<Action>(*this, now, [&](const SettingsFile& from, std::optional<Action>& best) {
      if (!(who.agent ? from.sets_opaque_agent : from.sets_opaque_human)) return;
      const Action said = who.agent ? from.settings.opaque_agent : from.settings.opaque_human;
      best = best ? strictest(*best, said) : said;
    });
  Action action = out.value_or(who.agent ? Settings{}.opaque_agent : Settings{}.opaque_human);
  if (layers_.project) {
    const Settings& project = layers_.project->settings;
    if (who.agent ? layers_.project->sets_opaque_agent : layers_.project->sets_opaque_human)
      action = strictest(action, who.agent ? project.opaque_agent : project.opaque_human);
    const AgentSettings* own = who.agent ? settings_of(project, who.name) : nullptr;
    if (own != nullptr && own->opaque) action = strictest(action, *own->opaque);
  }
  return action;
}

Action Rulings::start(const Rule& rule, const Who& who, bool with_defaults, int64_t now) const {
  if (rule.opaque_setting) return opaque(who, with_defaults, now);
  return by_profile(rule, who, profile(who, with_defaults, now));
}

/// What names a rule most precisely counts, the device's groups before the document: so a group goes ahead
/// of the others, or lags behind them.
Mode Rulings::mode_of(const OrganizationPart* part, const Rule& rule, int64_t now) const {
  const OrganizationFile* file = organization(now);
  if (file == nullptr) return rule.info.mode.value_or(Mode::enforce);
  const auto said = [&](const OrganizationPart& by) -> std::optional<Mode> {
    const auto at = most_precise(by.modes, rule.info.id, [](size_t) { return true; });
    return at ? std::optional(by.modes[*at].second) : std::nullopt;
  };
  const OrganizationPart& document = file->document();
  if (part != nullptr && part != &document) {
    if (const auto own = said(*part)) return *own;
    if (part->mode) return *part->mode;
  } else {
    std::optional<Mode> groups;
    for (const OrganizationPart& other : file->parts)
      if (&other != &document && part_counts(other, now))
        if (const auto mode = said(other)) groups = groups ? std::max(*groups, *mode) : *mode;
    if (groups) return *groups;
  }
  if (const auto mode = said(document)) return *mode;
  if (part == nullptr && rule.info.mode) return *rule.info.mode;
  return document.mode.value_or(Mode::enforce);
}

std::optional<Action> Rulings::user_says(const Rule& rule, const Who& who, bool by_name_only) const {
  return layers_.user ? override_in(*layers_.user, rule.info.id, who, by_name_only) : std::nullopt;
}

std::optional<Action> Rulings::proposed(const Rule& rule, int64_t now) const {
  return proposal<Action>(*this, now, [&](const SettingsFile& from, std::optional<Action>& best) {
    const auto said = override_in(from.settings.rule_actions, rule.info.id, false);
    if (said) best = best ? strictest(*best, *said) : *said;
  });
}

Action Rulings::own(const Rule& rule, const Who& who, bool with_defaults, int64_t now) const {
  Action action = start(rule, who, with_defaults, now);
  std::optional<Action> said = user_says(rule, who, false);
  if (!said && with_defaults) said = proposed(rule, now);
  if (said) action = rule.info.core ? strictest(action, *said) : *said;
  return tightened(action, layers_.project, rule.info.id, who, false);
}

void Rulings::add_part(const OrganizationPart& part, const Rule& rule, const Who& who, int64_t now,
                       Ruling& into) const {
  const Mode mode = mode_of(&part, rule, now);
  if (const auto action = profile_bound(part.locked, rule, who)) add(into, *action, mode);
  const SettingsFile& locked = part.locked;
  if (const auto at = bound(locked, rule.info.id, now))
    add(into, locked.settings.rule_actions[*at].second, locked.rule_terms[*at].mode.value_or(mode));
  if (!who.agent) return;
  for (size_t i = 0; i < locked.settings.agents.size(); ++i) {
    const AgentSettings& agent = locked.settings.agents[i];
    if (agent.name != who.name) continue;
    const auto& terms = locked.agent_rule_terms[i];
    const auto at = most_precise(agent.rule_actions, rule.info.id,
                                 [&](size_t line) { return terms[line].window.holds(now); });
    if (at) add(into, agent.rule_actions[*at].second, terms[*at].mode.value_or(mode));
  }
}

/// A rule of the organization's: it is all of its own part. What the user says of it counts besides; of a
/// rule that is held back only what names it, because `*` was not said of it.
void Rulings::add_own_rule(const Rule& rule, const Who& who, int64_t now, Ruling& into) const {
  const Mode mode = mode_of(nullptr, rule, now);
  const bool by_name_only = mode != Mode::enforce;
  into.own = user_says(rule, who, by_name_only).value_or(Action::allow);
  into.own = tightened(into.own, layers_.project, rule.info.id, who, by_name_only);
  into.action = into.would_be = into.own;
  add(into, start(rule, who, true, now), mode);
}

/// A proposal may also be milder than what stands without it; held back, it is not heard.
void Rulings::add_proposals(const Rule& rule, const Who& who, int64_t now, Ruling& into) const {
  into.own = own(rule, who, false, now);
  into.action = into.would_be = into.own;
  const OrganizationFile* file = organization(now);
  if (file == nullptr) return;
  const Action proposed = own(rule, who, true, now);
  if (proposed == into.own) return;
  const Mode mode = mode_of(&file->document(), rule, now);
  if (mode == Mode::enforce) {
    into.own = into.action = into.would_be = proposed;
  } else if (stricter(proposed, into.own)) {
    into.action = into.own = strictest(into.own, held(proposed, mode));
    into.would_be = proposed;
    into.mode = mode;
  }
}

Ruling Rulings::of(const Rule& rule, const Who& who, int64_t now) const {
  Ruling out;
  if (rule.info.layer == Layer::organization) {
    if (layers_.organization && !organization_counts(now)) return out;
    add_own_rule(rule, who, now, out);
  } else {
    add_proposals(rule, who, now, out);
    if (rule.info.mode && *rule.info.mode != Mode::enforce) {  // its author tries it out
      out.mode = *rule.info.mode;
      out.own = out.action = held(out.action, out.mode);
    }
  }
  if (const OrganizationFile* file = organization(now))
    for (const OrganizationPart& part : file->parts)
      if (part_counts(part, now)) add_part(part, rule, who, now, out);
  if (out.would_be == out.action) out.mode = Mode::enforce;
  return out;
}

}  // namespace cmdai::policy
