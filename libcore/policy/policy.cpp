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
  Compiled(Settings settings, std::vector<Rule> rules, const std::vector<std::string>& patterns,
           std::vector<Diagnostic> warnings, std::string fingerprint)
      : settings_(std::move(settings)),
        rules_(std::move(rules)),
        patterns_(patterns),
        warnings_(std::move(warnings)),
        fingerprint_(std::move(fingerprint)) {
    for (size_t i = 0; i < rules_.size(); ++i) index_.add(i, rules_[i].when);
  }

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
  std::vector<Diagnostic> warnings() const override { return warnings_; }
  std::string fingerprint() const override { return fingerprint_; }

 private:
  struct Found {
    size_t rule;
    Match match;
  };

  static Action action_for(const RuleInfo& info, const Actor* actor) {
    if (actor == nullptr || actor->kind == ActorKind::human) return info.human_now;
    const auto own = std::find_if(info.agents_now.begin(), info.agents_now.end(),
                                  [actor](const auto& agent) { return agent.first == actor->name; });
    return own == info.agents_now.end() ? info.agent_now : own->second;
  }

  void try_rule(size_t index, std::optional<size_t> effect, const EvaluateInput& input, Matcher& matcher,
                std::vector<Found>& found) const {
    const Rule& rule = rules_[index];
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
    m.action = action_for(info, input.actor);
    m.title = info.title;
    m.why = filled(info.why, e);
    m.hint = filled(info.hint, e);
    if (!info.safer.empty()) m.hint += fmt::format("{}`{}`", m.hint.empty() ? "" : ": ", info.safer);
    m.about_loss = when->losses != 0;
    if (when->about_effect || asks_about_effect(*when)) m.effect = effect;
    m.place = m.effect && e != nullptr ? e->place : matcher.place(*when);
    found.push_back({index, std::move(m)});
  }

  Verdict conclude(std::vector<Found>& found, const EvaluateInput& input) const {
    Verdict out;
    for (Found& f : found) {
      if (f.match.action == Action::allow) continue;
      if (const AllowEntry* entry = find_exception(settings_.allow, input, f.match, rules_[f.rule].info)) {
        out.allowed_by = entry->id;
        continue;
      }
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

  Settings settings_;
  std::vector<Rule> rules_;
  TextPatterns patterns_;
  RuleIndex index_;
  std::vector<Diagnostic> warnings_;
  std::string fingerprint_;
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
    const std::span<const SourceFile> builtin = builtin_packs();
    const std::span<const SourceFile> shipped =
        sources_.packs.empty() ? builtin : std::span<const SourceFile>(sources_.packs);
    for (const SourceFile& pack : shipped) add(pack, Layer::core);
    if (sources_.built_in_core && !sources_.packs.empty()) add_missing_core(builtin);
    for (const SourceFile& pack : sources_.organization_packs) add(pack, Layer::organization);
    for (const SourceFile& pack : sources_.user_packs) add(pack, Layer::user);
    if (sources_.settings && !error_)
      take_all(read_rules_of_settings(*sources_.settings), *sources_.settings);
    if (error_) return fail(std::move(*error_));
    const Result<Layers> layers = read_layers(sources_);
    if (!layers) return fail(layers.error());
    for (const auto* file :
         {&sources_.organization, &sources_.settings, &sources_.allow_list, &sources_.project})
      fingerprint_.add(*file);
    Settings settings = settings_in_force(*layers);
    apply_layers(*layers, settings, all_.rules, all_.warnings);
    return std::make_shared<const Compiled>(std::move(settings), std::move(all_.rules), all_.patterns,
                                            std::move(all_.warnings), fingerprint_.hex());
  }

 private:
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

}  // namespace cmdai::policy
