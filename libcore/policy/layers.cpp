#include "libcore/policy/layers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/policy/field_reader.hpp"

namespace cmdai::policy {
namespace {

bool covers(std::string_view selector, std::string_view id) {
  return selector == id || selector == "*" ||
         (selector.ends_with(".*") && id.starts_with(selector.substr(0, selector.size() - 1)));
}

using RuleActions = std::vector<std::pair<std::string, Action>>;

/// The setting that speaks of `id` most precisely; of equals the last.
std::optional<Action> find_override(const RuleActions& actions, std::string_view id) {
  std::optional<Action> best;
  size_t precision = 0;
  for (const auto& [selector, action] : actions) {
    if (!covers(selector, id)) continue;
    const size_t now = selector == id ? 1000 : selector.size();
    if (best && now < precision) continue;
    best = action;
    precision = now;
  }
  return best;
}

const AgentSettings* settings_of(const Settings& settings, std::string_view agent) {
  const auto it = std::find_if(settings.agents.begin(), settings.agents.end(),
                               [agent](const AgentSettings& a) { return a.name == agent; });
  return it == settings.agents.end() ? nullptr : &*it;
}

/// What a layer says of a rule: for this agent first, then for everybody. `agent` empty: for everybody alone.
std::optional<Action> find_override(const std::optional<SettingsFile>& file, std::string_view id,
                                    std::string_view agent) {
  if (!file) return std::nullopt;
  if (const AgentSettings* own = settings_of(file->settings, agent))
    if (const auto action = find_override(own->rule_actions, id)) return action;
  return find_override(file->settings.rule_actions, id);
}

bool locked(const RuleInfo& info) { return info.core || info.layer == Layer::organization; }

/// A layer that may only tighten is heard twice: what it says of everybody holds for the agent, too.
Action tightened(Action action, const std::optional<SettingsFile>& file, std::string_view id,
                 std::string_view agent) {
  for (const std::string_view who : {std::string_view(), agent})
    if (const auto said = find_override(file, id, who)) action = strictest(action, *said);
  return action;
}

Action resolve_action(const Rule& rule, Action start, const Layers& layers, std::string_view agent = {}) {
  Action action = start;
  if (const auto user = find_override(layers.user, rule.info.id, agent))
    action = locked(rule.info) ? strictest(action, *user) : *user;
  action = tightened(action, layers.organization, rule.info.id, agent);
  return tightened(action, layers.project, rule.info.id, agent);
}

Diagnostic complaint(const SettingsFile& file, Range place, std::string message, std::string hint) {
  return diagnostic_at(file.source.text, file.source.path, place.begin, place.size(), std::move(message),
                       std::move(hint));
}

void warn_about_overrides(const SettingsFile& file, const RuleActions& actions,
                          const std::vector<Range>& places, const std::vector<Rule>& rules,
                          std::vector<Diagnostic>& warnings) {
  std::vector<std::string_view> ids;
  for (const Rule& rule : rules) ids.push_back(rule.info.id);
  for (size_t i = 0; i < actions.size(); ++i) {
    const auto& [selector, action] = actions[i];
    if (std::none_of(ids.begin(), ids.end(), [&](std::string_view id) { return covers(selector, id); })) {
      const std::string_view near = nearest(selector, ids.data(), ids.data() + ids.size());
      warnings.push_back(complaint(
          file, places[i], fmt::format("no rule is called `{}`", selector),
          near.empty() ? "`cmdai rules list` shows all of them" : fmt::format("did you mean `{}`?", near)));
    }
    for (const Rule& rule : rules) {
      if (rule.info.id != selector || !locked(rule.info) ||
          strictness(action) >= strictness(rule.info.human[0]))
        continue;
      warnings.push_back(complaint(file, places[i],
                                   fmt::format("`{}` cannot be made milder: it is a {} rule", selector,
                                               rule.info.core ? "core" : "locked"),
                                   "it may only be made stricter"));
    }
  }
}

void warn_about_overrides(const SettingsFile& file, const std::vector<Rule>& rules,
                          std::vector<Diagnostic>& warnings) {
  warn_about_overrides(file, file.settings.rule_actions, file.rule_places, rules, warnings);
  for (size_t i = 0; i < file.settings.agents.size(); ++i)
    warn_about_overrides(file, file.settings.agents[i].rule_actions, file.agent_rule_places[i], rules,
                         warnings);
}

Result<void> read_one(const std::optional<SourceFile>& source, SettingsKind kind,
                      std::optional<SettingsFile>& into) {
  if (!source) return {};
  Result<SettingsFile> read = read_settings(*source, kind);
  if (!read) return fail(std::move(read.error()));
  into = std::move(*read);
  return {};
}

void tighten(Settings& settings, const std::optional<SettingsFile>& by) {
  if (!by) return;
  const Settings& from = by->settings;
  if (by->sets_human) settings.human = std::max(settings.human, from.human);
  if (by->sets_agent) settings.agent = std::max(settings.agent, from.agent);
  if (by->sets_opaque_human) settings.opaque_human = strictest(settings.opaque_human, from.opaque_human);
  if (by->sets_opaque_agent) settings.opaque_agent = strictest(settings.opaque_agent, from.opaque_agent);
  for (AgentSettings& agent : settings.agents) {
    if (by->sets_agent && agent.profile) agent.profile = std::max(*agent.profile, from.agent);
    if (by->sets_opaque_agent && agent.opaque) agent.opaque = strictest(*agent.opaque, from.opaque_agent);
  }
  for (const AgentSettings& theirs : from.agents) {
    auto own = std::find_if(settings.agents.begin(), settings.agents.end(),
                            [&](const AgentSettings& a) { return a.name == theirs.name; });
    if (own == settings.agents.end())
      own = settings.agents.insert(own, AgentSettings{theirs.name, {}, {}, {}});
    if (theirs.profile) own->profile = std::max(own->profile.value_or(settings.agent), *theirs.profile);
    if (theirs.opaque) own->opaque = strictest(own->opaque.value_or(settings.opaque_agent), *theirs.opaque);
  }
}

/// What an agent with settings of its own gets.
Action action_for(const AgentSettings& agent, const Rule& rule, const Settings& in_force,
                  const Layers& layers) {
  const Action start = rule.opaque_setting
                           ? agent.opaque.value_or(in_force.opaque_agent)
                           : rule.info.agent[static_cast<size_t>(agent.profile.value_or(in_force.agent))];
  return resolve_action(rule, start, layers, agent.name);
}

}  // namespace

Result<Layers> read_layers(const PolicySources& sources) {
  Layers out;
  if (auto r = read_one(sources.organization, SettingsKind::organization, out.organization); !r)
    return fail(std::move(r.error()));
  if (auto r = read_one(sources.settings, SettingsKind::user, out.user); !r)
    return fail(std::move(r.error()));
  if (auto r = read_one(sources.allow_list, SettingsKind::allow_list, out.allow_list); !r)
    return fail(std::move(r.error()));
  if (auto r = read_one(sources.project, SettingsKind::project, out.project); !r)
    return fail(std::move(r.error()));
  return out;
}

Settings settings_in_force(const Layers& layers) {
  Settings out = layers.user ? layers.user->settings : Settings{};
  tighten(out, layers.organization);
  tighten(out, layers.project);
  if (layers.allow_list)
    out.allow.insert(out.allow.end(), layers.allow_list->settings.allow.begin(),
                     layers.allow_list->settings.allow.end());
  return out;
}

void apply_layers(const Layers& layers, const Settings& in_force, std::vector<Rule>& rules,
                  std::vector<Diagnostic>& warnings) {
  for (Rule& rule : rules) {
    RuleInfo& info = rule.info;
    const Action human =
        rule.opaque_setting ? in_force.opaque_human : info.human[static_cast<size_t>(in_force.human)];
    const Action agent =
        rule.opaque_setting ? in_force.opaque_agent : info.agent[static_cast<size_t>(in_force.agent)];
    if (rule.opaque_setting) {
      std::fill(std::begin(info.human), std::end(info.human), in_force.opaque_human);
      std::fill(std::begin(info.agent), std::end(info.agent), in_force.opaque_agent);
    }
    info.human_now = resolve_action(rule, human, layers);
    info.agent_now = resolve_action(rule, agent, layers);
    for (const AgentSettings& own : in_force.agents)
      info.agents_now.emplace_back(own.name, action_for(own, rule, in_force, layers));
  }
  for (const auto* file : {&layers.organization, &layers.user, &layers.project})
    if (*file) warn_about_overrides(**file, rules, warnings);
}

}  // namespace cmdai::policy
