// Who said what of a rule, and what has ended: for people who ask why.
#include <fmt/format.h>

#include <algorithm>

#include "libcore/base/utc.hpp"
#include "libcore/policy/rulings.hpp"

namespace cmdai::policy {
namespace {

uint32_t line_of(const SourceFile& file, Range place) {
  const size_t end = std::min<size_t>(place.begin, file.text.size());
  return static_cast<uint32_t>(
      1 + std::count(file.text.begin(), file.text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
}

class Sayers {
 public:
  Sayers(const Layers& layers, const Rulings& rulings, const Rule& rule, const Who& who, int64_t now)
      : layers_(layers), rulings_(rulings), rule_(rule), who_(who), now_(now) {}

  std::vector<Say> run() {
    add_rule();
    if (layers_.organization)
      for (const OrganizationPart& part : layers_.organization->parts)
        if (part.counts) add_part(part, layers_.organization->source);
    if (layers_.user) add_file(*layers_.user, Layer::user, false);
    if (layers_.project) add_file(*layers_.project, Layer::project, true);
    decide();
    return std::move(out_);
  }

 private:
  void add_rule() {
    Say say;
    say.layer = rule_.info.layer;
    say.what = "rule";
    say.file = rule_.info.file;
    say.line = rule_.info.line;
    say.action = rulings_.start(rule_, who_, true, now_);
    say.window = rule_.info.window;
    say.mode = rule_.info.layer == Layer::organization ? rulings_.mode_of(nullptr, rule_, now_)
                                                       : rule_.info.mode.value_or(Mode::enforce);
    say.counts = say.window.holds(now_) && (rule_.info.layer != Layer::organization ||
                                            !layers_.organization || rulings_.organization_counts(now_));
    out_.push_back(std::move(say));
  }

  /// `document`: the part's.
  Say of_part(const OrganizationPart& part, const SourceFile& document, std::string_view what, Range place,
              Action action) const {
    Say say;
    say.layer = Layer::organization;
    say.what = what;
    say.group = part.name;
    say.file = document.path;
    say.line = line_of(document, place);
    say.action = action;
    say.mode = rulings_.mode_of(&part, rule_, now_);
    say.window = part.window;
    say.counts = rulings_.part_counts(part, now_);
    return say;
  }

  void add_part(const OrganizationPart& part, const SourceFile& document) {
    if (const auto action = profile_bound(part.locked, rule_, who_)) {
      const Range place = rule_.opaque_setting ? part.locked.opaque_place : part.locked.profile_place;
      out_.push_back(of_part(part, document, rule_.opaque_setting ? "opaque" : "profile", place, *action));
    }
    add_bounds(part, document, part.locked.settings.rule_actions, part.locked.rule_places,
               part.locked.rule_terms);
    for (size_t i = 0; i < part.locked.settings.agents.size(); ++i)
      if (who_.agent && part.locked.settings.agents[i].name == who_.name)
        add_bounds(part, document, part.locked.settings.agents[i].rule_actions,
                   part.locked.agent_rule_places[i], part.locked.agent_rule_terms[i]);
    const auto& proposals = part.defaults.settings.rule_actions;
    if (const auto at = most_precise(proposals, rule_.info.id, [](size_t) { return true; })) {
      Say say = of_part(part, document, "defaults", part.defaults.rule_places[*at], proposals[*at].second);
      say.counts = say.counts && say.mode != Mode::observe && !rulings_.user_says(rule_, who_, false);
      out_.push_back(std::move(say));
    }
  }

  /// The line that counts, and any more precise one that is outside its time.
  void add_bounds(const OrganizationPart& part, const SourceFile& document,
                  const std::vector<std::pair<std::string, Action>>& actions,
                  const std::vector<Range>& places, const std::vector<Terms>& terms) {
    const auto now =
        most_precise(actions, rule_.info.id, [&](size_t i) { return terms[i].window.holds(now_); });
    const auto ever = most_precise(actions, rule_.info.id, [](size_t) { return true; });
    for (const auto& at : {now, ever == now ? std::nullopt : ever}) {
      if (!at) continue;
      Say say = of_part(part, document, "rules", places[*at], actions[*at].second);
      if (terms[*at].mode) say.mode = *terms[*at].mode;
      if (terms[*at].window.bounded()) say.window = terms[*at].window;
      say.counts = say.counts && terms[*at].window.holds(now_);
      out_.push_back(std::move(say));
    }
  }

  void add_file(const SettingsFile& file, Layer layer, bool tightens) {
    const auto add = [&](const std::vector<std::pair<std::string, Action>>& actions,
                         const std::vector<Range>& places) {
      const auto at = most_precise(actions, rule_.info.id, [](size_t) { return true; });
      if (!at) return false;
      Say say;
      say.layer = layer;
      say.what = "rules";
      say.file = file.source.path;
      say.line = line_of(file.source, places[*at]);
      say.action = actions[*at].second;
      out_.push_back(std::move(say));
      return true;
    };
    if (const auto action = profile_bound(file, rule_, who_)) {
      Say say;
      say.layer = layer;
      say.what = rule_.opaque_setting ? "opaque" : "profile";
      say.file = file.source.path;
      say.line = line_of(file.source, rule_.opaque_setting ? file.opaque_place : file.profile_place);
      say.action = *action;
      out_.push_back(std::move(say));
    }
    for (size_t i = 0; i < file.settings.agents.size(); ++i)
      if (who_.agent && file.settings.agents[i].name == who_.name &&
          add(file.settings.agents[i].rule_actions, file.agent_rule_places[i]) && !tightens)
        return;
    add(file.settings.rule_actions, file.rule_places);
  }

  /// Of those that say what came of it, the one nobody could have undercut: an organization's bound, then the
  /// user's own word, the project's, a proposal, the rule.
  void decide() {
    const Action action = rulings_.of(rule_, who_, now_).action;
    const auto rank = [](const Say& s) {
      if (s.layer == Layer::organization) return s.what == "defaults" ? 1 : 4;
      if (s.what == "rule") return 0;
      return s.layer == Layer::user ? 3 : 2;
    };
    const auto comes_to = [](const Say& s) {
      if (s.layer != Layer::organization || s.mode == Mode::enforce) return s.action;
      if (s.mode == Mode::observe) return Action::allow;
      return strictness(s.action) > strictness(Action::warn) ? Action::warn : s.action;
    };
    Say* best = nullptr;
    for (Say& say : out_)
      if (say.counts && comes_to(say) == action && (best == nullptr || rank(say) > rank(*best))) best = &say;
    if (best == nullptr) best = &out_.front();
    best->decides = true;
  }

  const Layers& layers_;
  const Rulings& rulings_;
  const Rule& rule_;
  const Who& who_;
  int64_t now_;
  std::vector<Say> out_;
};

class Ended {
 public:
  explicit Ended(int64_t now) : now_(now) {}

  void add(const SourceFile& file, Range place, const Window& window, const std::string& what) {
    if (window.ended(now_))
      out.push_back(diagnostic_at(file.text, file.path, place.begin, place.size(),
                                  fmt::format("{} ended on {}", what, utc_text(window.expires)),
                                  "take it out, or give it another end"));
  }
  std::vector<Diagnostic> out;

 private:
  int64_t now_;
};

}  // namespace

std::vector<Say> says_of(const Layers& layers, const Rulings& rulings, const Rule& rule, const Who& who,
                         int64_t now) {
  return Sayers(layers, rulings, rule, who, now).run();
}

bool has_times(const Layers& layers, const std::vector<Rule>& rules) {
  const auto timed = [](const Terms& terms) { return terms.window.bounded(); };
  const auto bound = [&](const OrganizationPart& part) {
    const SettingsFile& locked = part.locked;
    return part.window.bounded() || !part.grants.empty() ||
           std::any_of(locked.rule_terms.begin(), locked.rule_terms.end(), timed) ||
           std::any_of(locked.agent_rule_terms.begin(), locked.agent_rule_terms.end(),
                       [&](const auto& terms) { return std::any_of(terms.begin(), terms.end(), timed); });
  };
  if (layers.organization &&
      std::any_of(layers.organization->parts.begin(), layers.organization->parts.end(), bound))
    return true;
  return std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return rule.info.window.bounded(); });
}

std::vector<Diagnostic> expired_parts(const Layers& layers, const std::vector<Rule>& rules, int64_t now) {
  Ended ended(now);
  if (layers.organization) {
    const SourceFile& file = layers.organization->source;
    for (const OrganizationPart& part : layers.organization->parts) {
      ended.add(file, part.place, part.window,
                part.name.empty() ? "the organization's document" : fmt::format("group `{}`", part.name));
      for (size_t i = 0; i < part.locked.rule_terms.size(); ++i)
        ended.add(file, part.locked.rule_places[i], part.locked.rule_terms[i].window,
                  fmt::format("the bound of `{}`", part.locked.settings.rule_actions[i].first));
      for (const Grant& grant : part.grants)
        ended.add(file, grant.place, grant.window, fmt::format("exception `{}`", grant.scope.id));
    }
  }
  for (const Rule& rule : rules) {
    if (!rule.info.window.ended(now)) continue;
    Diagnostic d;
    d.file = rule.info.file;
    d.line = rule.info.line;
    d.message = fmt::format("rule `{}` ended on {}", rule.info.id, utc_text(rule.info.window.expires));
    d.hint = "take it out, or give it another end";
    ended.out.push_back(std::move(d));
  }
  return std::move(ended.out);
}

}  // namespace cmdai::policy
