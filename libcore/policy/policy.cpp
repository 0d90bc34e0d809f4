// Packs and settings into one immutable policy, and a line's effects into a verdict.
#include "libcore/policy/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "libcore/policy/builtin_packs.hpp"
#include "libcore/policy/exceptions.hpp"
#include "libcore/policy/fill.hpp"
#include "libcore/policy/layers.hpp"
#include "libcore/policy/matcher.hpp"
#include "libcore/policy/rulings.hpp"

namespace cmdai::policy {
namespace {

int severity_rank(std::string_view severity) {
  return severity == "critical" ? 3 : severity == "high" ? 2 : severity == "medium" ? 1 : 0;
}

bool literal(const std::string& pattern) { return pattern.find_first_of("*?") == std::string::npos; }

/// Effects whose unknown target could turn the verdict once it is known.
bool worth_asking(const effects::Effect& e) {
  using effects::Kind;
  if (e.facts.open) return true;
  if (e.target.exact && e.kind != Kind::opaque) return false;
  return e.kind == Kind::deletes || e.kind == Kind::overwrites || e.kind == Kind::writes_device ||
         e.kind == Kind::opaque || e.kind == Kind::changes_config;
}

/// Patterns one of which must be in a line for the condition to hold of it; none: it may hold without any.
std::vector<uint32_t> needed_patterns(const Condition& c) {
  if (!c.texts.empty()) return c.texts;
  for (const Condition& part : c.all)
    if (std::vector<uint32_t> needed = needed_patterns(part); !needed.empty()) return needed;
  std::vector<uint32_t> out;
  for (const Condition& part : c.any) {
    const std::vector<uint32_t> needed = needed_patterns(part);
    if (needed.empty()) return {};
    out.insert(out.end(), needed.begin(), needed.end());
  }
  return out;
}

/// Which rules to try: those that need a text only where it is there; for an effect by its tag where a rule
/// names whole tags, else by its kind.
class RuleIndex {
 public:
  void add(size_t rule, const std::vector<Condition>& when) {
    if (add_by_pattern(rule, when)) return;
    const bool effects_only = std::all_of(when.begin(), when.end(), asks_about_effect);
    if (!effects_only) return line_.push_back(rule);
    const bool tagged = std::all_of(when.begin(), when.end(), [](const Condition& c) {
      return !c.tags.empty() && std::all_of(c.tags.begin(), c.tags.end(), literal);
    });
    if (!tagged) {
      uint32_t kinds = 0;
      for (const Condition& c : when) kinds |= c.kinds == 0 ? ~0U : c.kinds;
      return by_kind_.push_back({kinds, rule});
    }
    for (const Condition& c : when)
      for (const std::string& tag : c.tags)
        if (auto& list = by_tag_[tag]; list.empty() || list.back() != rule) list.push_back(rule);
  }

  template <class Visit>
  void for_effect(const effects::Effect& effect, Visit visit) const {
    if (const auto it = by_tag_.find(effect.tag); it != by_tag_.end())
      for (const size_t rule : it->second) visit(rule);
    for (const auto& [kinds, rule] : by_kind_)
      if ((kinds >> static_cast<unsigned>(effect.kind) & 1U) != 0) visit(rule);
  }
  /// Rules that may hold of a line whatever its effects are, in their order.
  std::vector<size_t> for_line(Matcher& matcher) const {
    if (by_pattern_.empty()) return line_;
    std::vector<size_t> out = line_;
    for (const uint32_t pattern : matcher.patterns_found())
      if (const auto it = by_pattern_.find(pattern); it != by_pattern_.end())
        out.insert(out.end(), it->second.begin(), it->second.end());
    if (out.size() == line_.size()) return out;
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

 private:
  bool add_by_pattern(size_t rule, const std::vector<Condition>& when) {
    std::vector<uint32_t> all;
    for (const Condition& c : when) {
      const std::vector<uint32_t> needed = needed_patterns(c);
      if (needed.empty()) return false;
      all.insert(all.end(), needed.begin(), needed.end());
    }
    for (const uint32_t pattern : all) by_pattern_[pattern].push_back(rule);
    return true;
  }

  std::unordered_map<uint32_t, std::vector<size_t>> by_pattern_;
  std::unordered_map<std::string, std::vector<size_t>> by_tag_;
  std::vector<std::pair<uint32_t, size_t>> by_kind_;
  std::vector<size_t> line_;  ///< rules that may hold of a line without any effect
};

class Compiled : public Policy {
 public:
  Compiled(Layers layers, Settings settings, RuleSet rules, std::string fingerprint)
      : layers_(std::move(layers)),
        rulings_(layers_),
        settings_(std::move(settings)),
        rules_(std::move(rules.rules)),
        patterns_(rules.patterns),
        warnings_(std::move(rules.warnings)),
        fingerprint_(std::move(fingerprint)),
        timed_(has_times(layers_, rules_)) {
    for (size_t i = 0; i < rules_.size(); ++i) index_.add(i, rules_[i].when);
  }
  // What rulings_ points to stays where it is.
  ~Compiled() override = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  Verdict evaluate(const EvaluateInput& input) const override {
    Matcher matcher(input, patterns_);
    std::vector<Found> found;
    const auto& effects = input.analysis->effects;
    for (size_t e = 0; e < effects.size(); ++e)
      index_.for_effect(effects[e], [&](size_t rule) { try_rule(rule, e, input, matcher, found); });
    for (const size_t rule : index_.for_line(matcher)) {
      const size_t before = found.size();
      for (size_t e = 0; e < effects.size() && found.size() == before; ++e)
        try_rule(rule, e, input, matcher, found);
      if (found.size() == before) try_rule(rule, std::nullopt, input, matcher, found);
    }
    return conclude(found, input);
  }

  const Settings& settings() const override { return settings_; }
  std::vector<RuleInfo> rules() const override {
    std::vector<RuleInfo> out;
    for (const Rule& rule : rules_) out.push_back(rule.info);
    return out;
  }
  std::vector<EffectiveRule> effective(const Actor& actor, int64_t now) const override {
    std::vector<EffectiveRule> out;
    for (const Rule& rule : rules_) out.push_back(effective_rule(rule, actor, now));
    return out;
  }
  std::optional<OrganizationInfo> organization() const override {
    if (!layers_.organization) return std::nullopt;
    return info_of(*layers_.organization);
  }
  std::vector<Diagnostic> expired(int64_t now) const override { return expired_parts(layers_, rules_, now); }
  bool changes_with_time() const override { return timed_; }
  std::vector<Diagnostic> warnings() const override { return warnings_; }
  std::string fingerprint() const override { return fingerprint_; }

 private:
  struct Found {
    size_t rule;
    Match match;
    Ruling ruling;
  };

  /// Without an organization and a mode of the rule's own, time changes nothing: it was worked out before.
  Ruling ruling_of(const Rule& rule, const EvaluateInput& input) const {
    if (layers_.organization || rule.info.mode) return rulings_.of(rule, who_is(input.actor), input.now);
    Ruling out;
    out.action = out.would_be = action_for(rule.info, input.actor);
    if (rule.info.layer == Layer::organization)
      out.floor = out.bound = out.action;
    else
      out.own = out.action;
    return out;
  }

  static Action action_for(const RuleInfo& info, const Actor* actor) {
    if (actor == nullptr || actor->kind == ActorKind::human) return info.human_now;
    const auto own = std::find_if(info.agents_now.begin(), info.agents_now.end(),
                                  [actor](const auto& agent) { return agent.first == actor->name; });
    return own == info.agents_now.end() ? info.agent_now : own->second;
  }

  void try_rule(size_t index, std::optional<size_t> effect, const EvaluateInput& input, Matcher& matcher,
                std::vector<Found>& found) const {
    const Rule& rule = rules_[index];
    if (!rule.info.window.holds(input.now)) return;
    const effects::Effect* e = effect ? &input.analysis->effects[*effect] : nullptr;
    const auto when = std::find_if(rule.when.begin(), rule.when.end(),
                                   [&](const Condition& c) { return matcher.holds(c, e); });
    if (when == rule.when.end()) return;
    if (std::any_of(rule.unless.begin(), rule.unless.end(),
                    [&](const Condition& c) { return matcher.holds(c, e); }))
      return;
    Match m;
    const RuleInfo& info = rule.info;
    m.rule = info.id;
    m.family = info.family;
    m.severity = info.severity;
    m.layer = info.layer;
    const Ruling ruling = ruling_of(rule, input);
    m.action = ruling.action;
    m.title = info.title;
    m.why = filled(info.why, e);
    m.hint = filled(info.hint, e);
    if (!info.safer.empty()) m.hint += fmt::format("{}`{}`", m.hint.empty() ? "" : ": ", info.safer);
    m.about_loss = when->losses != 0;
    if (when->about_effect || asks_about_effect(*when)) m.effect = effect;
    m.place = m.effect && e != nullptr ? e->place : matcher.place(*when);
    found.push_back({index, std::move(m), ruling});
  }

  Verdict conclude(std::vector<Found>& found, const EvaluateInput& input) const {
    Verdict out;
    for (Found& f : found) {
      if (f.ruling.would_be == Action::allow) continue;
      const bool core = rules_[f.rule].info.core;
      if (!core) lift(f, input, out);
      if (f.ruling.would_be != f.ruling.action) observe(f, out);
      if (f.ruling.action == Action::allow) continue;
      f.match.action = f.ruling.action;
      f.match.locked = core || f.ruling.floor == f.ruling.action;
      const bool told = std::any_of(out.matches.begin(), out.matches.end(),
                                    [&](const Match& m) { return m.rule == f.match.rule; });
      if (!told) out.matches.push_back(std::move(f.match));
    }
    std::stable_sort(out.matches.begin(), out.matches.end(), [](const Match& a, const Match& b) {
      if (a.action != b.action) return strictness(a.action) > strictness(b.action);
      if (a.severity != b.severity) return severity_rank(a.severity) > severity_rank(b.severity);
      return a.about_loss && !b.about_loss;
    });
    if (!out.matches.empty()) out.action = out.matches.front().action;
    const auto& effects = input.analysis->effects;
    if (std::any_of(effects.begin(), effects.end(), worth_asking))
      out.need = input.analysis->unknown_variables;
    return out;
  }

  /// What the organization granted takes away its own part; what the user allowed takes away the rest, and
  /// nothing of the organization's.
  void lift(Found& f, const EvaluateInput& input, Verdict& out) const {
    Ruling& r = f.ruling;
    const auto lower = [&](Action to, const std::string& id, Layer layer) {
      r.action = to;
      out.allowed_by = id;
      out.allowed_layer = layer;
    };
    if (layers_.organization && r.bound != Action::allow)
      if (const Grant* grant = find_grant(*layers_.organization, input, f.match)) {
        if (r.action != r.own) lower(r.own, grant->scope.id, Layer::organization);
        r.would_be = r.own;
        r.floor = r.bound = Action::allow;
      }
    if (r.action == r.floor || settings_.allow.empty()) return;
    if (const AllowEntry* entry = find_exception(settings_.allow, input, f.match)) {
      lower(r.floor, entry->id, Layer::user);
      r.would_be = r.bound;
    }
  }

  static void observe(const Found& f, Verdict& out) {
    const auto same = std::find_if(out.observed.begin(), out.observed.end(),
                                   [&](const Observed& o) { return o.rule == f.match.rule; });
    if (same == out.observed.end())
      out.observed.push_back({f.match.rule, f.ruling.would_be, f.ruling.mode, f.match.effect});
  }

  EffectiveRule effective_rule(const Rule& rule, const Actor& actor, int64_t now) const {
    const Who who = who_is(&actor);
    const Ruling ruling = rulings_.of(rule, who, now);
    EffectiveRule out;
    out.info = rule.info;
    out.action = ruling.action;
    out.would_be = ruling.would_be;
    out.mode = ruling.mode;
    out.locked = rule.info.core || (ruling.floor == ruling.action && ruling.floor != Action::allow);
    out.expired = !rule.info.window.holds(now);
    out.says = says_of(layers_, rulings_, rule, who, now);
    for (const Say& say : out.says)
      if (say.decides) out.layer = say.layer;
    if (layers_.organization && !rule.info.core)
      for (const OrganizationPart& part : layers_.organization->parts)
        for (const Grant& grant : part.grants)
          if (grant.scope.rule == rule.info.id &&
              grant_counts(*layers_.organization, part, grant, &actor, now))
            out.exceptions.push_back(grant.scope.id);
    return out;
  }

  OrganizationInfo info_of(const OrganizationFile& file) const {
    OrganizationInfo out{file.name, file.version, file.contact, file.source.path, file.document().window, {},
                         {}};
    for (const OrganizationPart& part : file.parts) {
      if (part.name.empty()) continue;
      out.groups.push_back(part.name);
      if (part.counts) out.member_of.push_back(part.name);
    }
    return out;
  }

  Layers layers_;
  Rulings rulings_;
  Settings settings_;
  std::vector<Rule> rules_;
  TextPatterns patterns_;
  RuleIndex index_;
  std::vector<Diagnostic> warnings_;
  std::string fingerprint_;
  bool timed_;
};

/// FNV-1a over everything that was read: equal inputs, equal fingerprint. Not a security boundary.
class Fingerprint {
 public:
  void add(const SourceFile& file) {
    mix(file.path);
    mix(file.text);
  }
  void add(const std::optional<SourceFile>& file) {
    if (file) add(*file);
    mix(file ? "+" : "-");
  }
  std::string hex() const { return fmt::format("{:016x}", hash_); }

 private:
  void mix(std::string_view text) {
    for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    hash_ = (hash_ ^ 0xffU) * 0x100000001b3U;
  }
  uint64_t hash_ = 0xcbf29ce484222325U;
};

void shift_patterns(Condition& c, uint32_t by) {
  for (uint32_t& pattern : c.texts) pattern += by;
  for (auto* parts : {&c.all, &c.any, &c.none, &c.beside})
    for (Condition& part : *parts) shift_patterns(part, by);
}

class Compiler {
 public:
  explicit Compiler(const PolicySources& sources) : sources_(sources) {}

  Result<std::shared_ptr<const Policy>> run() {
    read_rule_files();
    if (error_) return fail(std::move(*error_));
    Result<Layers> layers = read_layers(sources_, all_.warnings);
    if (!layers) return fail(std::move(layers.error()));
    for (const auto* file :
         {&sources_.organization, &sources_.settings, &sources_.allow_list, &sources_.project})
      fingerprint_.add(*file);
    for (const std::string& group : sources_.organization_groups) fingerprint_.add({"group", group});
    Settings settings = settings_in_force(*layers);
    apply_layers(*layers, settings, all_.rules, all_.warnings);
    return std::make_shared<const Compiled>(std::move(*layers), std::move(settings), std::move(all_),
                                            fingerprint_.hex());
  }

  std::vector<Diagnostic> problems_of_organization() {
    std::vector<Diagnostic> out;
    if (!sources_.organization) return out;
    const Result<OrganizationFile> file = read_organization(*sources_.organization, &out);
    if (!file) return out;
    read_rule_files();
    if (error_)
      out.push_back(std::move(*error_));
    else
      check_organization(*file, all_.rules, out);
    return out;
  }

 private:
  void read_rule_files() {
    const std::span<const SourceFile> builtin = builtin_packs();
    const std::span<const SourceFile> shipped =
        sources_.packs.empty() ? builtin : std::span<const SourceFile>(sources_.packs);
    for (const SourceFile& pack : shipped) add(pack, Layer::core);
    if (sources_.built_in_core && !sources_.packs.empty()) add_missing_core(builtin);
    for (const SourceFile& pack : sources_.organization_packs) add(pack, Layer::organization);
    for (const SourceFile& pack : sources_.user_packs) add(pack, Layer::user);
    if (sources_.settings && !error_)
      take_all(read_rules_of_settings(*sources_.settings), *sources_.settings);
  }

  void add(const SourceFile& pack, Layer layer) {
    if (error_) return;
    fingerprint_.add(pack);
    take_all(read_rules(pack, layer), pack);
  }

  void take_all(Result<RuleSet> read, const SourceFile& from) {
    if (!read) {
      error_ = std::move(read.error());
      return;
    }
    take(
        std::move(*read), [](const Rule&) { return true; }, from);
  }

  /// Whatever packs are handed in, the core rules of the program stand.
  void add_missing_core(std::span<const SourceFile> builtin) {
    for (const SourceFile& pack : builtin) {
      Result<RuleSet> read = read_rules(pack, Layer::core);
      if (!read) continue;  // a broken shipped pack fails the build's own tests
      take(
          std::move(*read),
          [this](const Rule& rule) { return rule.info.core && find(rule.info.id) == nullptr; }, pack);
    }
  }

  template <class Wanted>
  void take(RuleSet&& from, Wanted wanted, const SourceFile& pack) {
    const auto shift = static_cast<uint32_t>(all_.patterns.size());
    for (Rule& rule : from.rules) {
      if (!wanted(rule)) continue;
      if (const Rule* other = find(rule.info.id)) {
        if (!error_)
          error_ = diagnostic_at(
              pack.text, pack.path, rule.id_place.begin, rule.id_place.size(),
              fmt::format("the id `{}` is taken", rule.info.id),
              fmt::format("the other rule is at {}:{}; to change its action use `[rules]` in config.toml",
                          other->info.file, other->info.line));
        return;
      }
      for (auto* parts : {&rule.when, &rule.unless})
        for (Condition& part : *parts) shift_patterns(part, shift);
      by_id_.emplace(rule.info.id, all_.rules.size());
      all_.rules.push_back(std::move(rule));
    }
    all_.patterns.insert(all_.patterns.end(), from.patterns.begin(), from.patterns.end());
    all_.warnings.insert(all_.warnings.end(), from.warnings.begin(), from.warnings.end());
  }

  const Rule* find(const std::string& id) const {
    const auto it = by_id_.find(id);
    return it == by_id_.end() ? nullptr : &all_.rules[it->second];
  }

  const PolicySources& sources_;
  RuleSet all_;
  std::unordered_map<std::string, size_t> by_id_;
  Fingerprint fingerprint_;
  std::optional<Diagnostic> error_;
};

}  // namespace

Result<std::shared_ptr<const Policy>> Policy::compile(const PolicySources& sources) {
  return Compiler(sources).run();
}

std::vector<Diagnostic> Policy::problems_of_organization(const PolicySources& sources) {
  return Compiler(sources).problems_of_organization();
}

}  // namespace cmdai::policy
