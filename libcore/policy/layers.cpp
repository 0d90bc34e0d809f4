#include "libcore/policy/layers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/policy/rulings.hpp"

namespace cmdai::policy {
namespace {

Diagnostic complaint(const SourceFile& source, Range place, std::string message, std::string hint) {
  return diagnostic_at(source.text, source.path, place.begin, place.size(), std::move(message),
                       std::move(hint));
}

bool locked(const RuleInfo& info) { return info.core || info.layer == Layer::organization; }

std::vector<std::string_view> ids_of(const std::vector<Rule>& rules) {
  std::vector<std::string_view> ids;
  for (const Rule& rule : rules) ids.push_back(rule.info.id);
  return ids;
}

/// nullopt: some rule is meant.
std::optional<Diagnostic> names_no_rule(const SourceFile& source, Range place, std::string_view selector,
                                        const std::vector<std::string_view>& ids) {
  if (std::any_of(ids.begin(), ids.end(), [&](std::string_view id) { return covers(selector, id); }))
    return std::nullopt;
  const std::string_view near = nearest(selector, ids.data(), ids.data() + ids.size());
  return complaint(
      source, place, fmt::format("no rule is called `{}`", selector),
      near.empty() ? "`cmdai rules list` shows all of them" : fmt::format("did you mean `{}`?", near));
}

using RuleActions = std::vector<std::pair<std::string, Action>>;

void warn_about_overrides(const SourceFile& source, const RuleActions& actions,
                          const std::vector<Range>& places, const std::vector<Rule>& rules,
                          std::vector<Diagnostic>& warnings) {
  const std::vector<std::string_view> ids = ids_of(rules);
  for (size_t i = 0; i < actions.size(); ++i) {
    const auto& [selector, action] = actions[i];
    if (auto wrong = names_no_rule(source, places[i], selector, ids)) warnings.push_back(std::move(*wrong));
    for (const Rule& rule : rules) {
      if (rule.info.id != selector || !locked(rule.info) ||
          strictness(action) >= strictness(rule.info.human[0]))
        continue;
      warnings.push_back(complaint(source, places[i],
                                   fmt::format("`{}` cannot be made milder: it is a {} rule", selector,
                                               rule.info.core ? "core" : "locked"),
                                   "it may only be made stricter"));
    }
  }
}

void warn_about_overrides(const SourceFile& source, const SettingsFile& file, const std::vector<Rule>& rules,
                          std::vector<Diagnostic>& warnings) {
  warn_about_overrides(source, file.settings.rule_actions, file.rule_places, rules, warnings);
  for (size_t i = 0; i < file.settings.agents.size(); ++i)
    warn_about_overrides(source, file.settings.agents[i].rule_actions, file.agent_rule_places[i], rules,
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

void tighten(Settings& settings, const SettingsFile& by) {
  const Settings& from = by.settings;
  if (by.sets_human) settings.human = std::max(settings.human, from.human);
  if (by.sets_agent) settings.agent = std::max(settings.agent, from.agent);
  if (by.sets_opaque_human) settings.opaque_human = strictest(settings.opaque_human, from.opaque_human);
  if (by.sets_opaque_agent) settings.opaque_agent = strictest(settings.opaque_agent, from.opaque_agent);
  for (AgentSettings& agent : settings.agents) {
    if (by.sets_agent && agent.profile) agent.profile = std::max(*agent.profile, from.agent);
    if (by.sets_opaque_agent && agent.opaque) agent.opaque = strictest(*agent.opaque, from.opaque_agent);
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

/// A proposal counts where the user has said nothing.
void propose(Settings& settings, const std::optional<SettingsFile>& user, const SettingsFile& proposal) {
  if (proposal.sets_human && !(user && user->sets_human)) settings.human = proposal.settings.human;
  if (proposal.sets_agent && !(user && user->sets_agent)) settings.agent = proposal.settings.agent;
  if (proposal.sets_opaque_human && !(user && user->sets_opaque_human))
    settings.opaque_human = proposal.settings.opaque_human;
  if (proposal.sets_opaque_agent && !(user && user->sets_opaque_agent))
    settings.opaque_agent = proposal.settings.opaque_agent;
}

/// Rules and their exceptions, modes and bounds that can never count.
class DocumentCheck {
 public:
  DocumentCheck(const OrganizationFile& file, const std::vector<Rule>& rules, std::vector<Diagnostic>& out)
      : file_(file), rules_(rules), ids_(ids_of(rules)), out_(out) {}

  void part(const OrganizationPart& part) {
    warn_about_overrides(file_.source, part.locked, rules_, out_);
    warn_about_overrides(file_.source, part.defaults, rules_, out_);
    for (size_t i = 0; i < part.modes.size(); ++i) {
      const std::string& selector = part.modes[i].first;
      if (auto wrong = names_no_rule(file_.source, part.mode_places[i], selector, ids_))
        out_.push_back(std::move(*wrong));
      if (is_core(selector))
        tell(part.mode_places[i], fmt::format("`{}` is a core rule: it always counts", selector),
             "core rules have no mode");
    }
    for (const Grant& grant : part.grants) check(grant);
  }

 private:
  void check(const Grant& grant) {
    if (auto wrong = names_no_rule(file_.source, grant.rule_place, grant.scope.rule, ids_))
      return out_.push_back(std::move(*wrong));
    if (is_core(grant.scope.rule))
      return tell(grant.rule_place, fmt::format("`{}` is a core rule: nothing lifts it", grant.scope.rule),
                  "`cmdai allow CODE` lets one command run once");
    if (!organization_speaks_of(grant.scope.rule))
      tell(
          grant.rule_place,
          fmt::format("the organization says nothing of `{}`: the exception lifts nothing", grant.scope.rule),
          "an exception lifts the organization's own part of a rule");
  }

  const Rule* find(std::string_view id) const {
    const auto it =
        std::find_if(rules_.begin(), rules_.end(), [id](const Rule& r) { return r.info.id == id; });
    return it == rules_.end() ? nullptr : &*it;
  }
  bool is_core(std::string_view id) const {
    const Rule* rule = find(id);
    return rule != nullptr && rule->info.core;
  }
  bool organization_speaks_of(const std::string& id) const {
    const Rule* rule = find(id);
    if (rule != nullptr && rule->info.layer == Layer::organization) return true;
    const auto names = [&](const RuleActions& actions) {
      return most_precise(actions, id, [](size_t) { return true; }).has_value();
    };
    return std::any_of(file_.parts.begin(), file_.parts.end(), [&](const OrganizationPart& p) {
      const SettingsFile& locked = p.locked;
      return locked.sets_human || locked.sets_agent || locked.sets_opaque_human || locked.sets_opaque_agent ||
             names(locked.settings.rule_actions) ||
             std::any_of(
                 locked.settings.agents.begin(), locked.settings.agents.end(),
                 [&](const AgentSettings& a) { return a.profile || a.opaque || names(a.rule_actions); });
    });
  }
  void tell(Range place, std::string message, std::string hint) {
    out_.push_back(complaint(file_.source, place, std::move(message), std::move(hint)));
  }

  const OrganizationFile& file_;
  const std::vector<Rule>& rules_;
  std::vector<std::string_view> ids_;
  std::vector<Diagnostic>& out_;
};

}  // namespace

bool covers(std::string_view selector, std::string_view id) {
  return selector == id || selector == "*" ||
         (selector.ends_with(".*") && id.starts_with(selector.substr(0, selector.size() - 1)));
}

const AgentSettings* settings_of(const Settings& settings, std::string_view agent) {
  const auto it = std::find_if(settings.agents.begin(), settings.agents.end(),
                               [agent](const AgentSettings& a) { return a.name == agent; });
  return it == settings.agents.end() ? nullptr : &*it;
}

Result<Layers> read_layers(const PolicySources& sources, std::vector<Diagnostic>& warnings) {
  Layers out;
  if (sources.organization) {
    Result<OrganizationFile> read = read_organization(*sources.organization);
    if (!read) return fail(std::move(read.error()));
    out.organization = std::move(*read);
    choose_groups(*out.organization, sources.organization_groups, warnings);
  }
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
  if (layers.organization)
    for (const OrganizationPart& part : layers.organization->parts) {
      if (!part.counts || part.mode.value_or(Mode::enforce) != Mode::enforce) continue;
      propose(out, layers.user, part.defaults);
      tighten(out, part.locked);
    }
  if (layers.project) tighten(out, *layers.project);
  if (layers.allow_list)
    out.allow.insert(out.allow.end(), layers.allow_list->settings.allow.begin(),
                     layers.allow_list->settings.allow.end());
  return out;
}

void apply_layers(const Layers& layers, const Settings& in_force, std::vector<Rule>& rules,
                  std::vector<Diagnostic>& warnings) {
  const Rulings rulings(layers);
  for (Rule& rule : rules) {
    RuleInfo& info = rule.info;
    info.human_now = rulings.of(rule, {}, 0).action;
    info.agent_now = rulings.of(rule, {true, {}}, 0).action;
    for (const AgentSettings& own : in_force.agents)
      info.agents_now.emplace_back(own.name, rulings.of(rule, {true, own.name}, 0).action);
    if (!rule.opaque_setting) continue;
    std::fill(std::begin(info.human), std::end(info.human), in_force.opaque_human);
    std::fill(std::begin(info.agent), std::end(info.agent), in_force.opaque_agent);
  }
  if (layers.organization) check_organization(*layers.organization, rules, warnings);
  for (const auto* file : {&layers.user, &layers.project})
    if (*file) warn_about_overrides((*file)->source, **file, rules, warnings);
}

void check_organization(const OrganizationFile& file, const std::vector<Rule>& rules,
                        std::vector<Diagnostic>& problems) {
  DocumentCheck check(file, rules, problems);
  for (const OrganizationPart& part : file.parts) check.part(part);
}

}  // namespace cmdai::policy
