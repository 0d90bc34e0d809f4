// [[rule]] tables to Rule values, every error with its place.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "libcore/policy/condition_reader.hpp"
#include "libcore/policy/example_reader.hpp"
#include "libcore/policy/field_reader.hpp"
#include "libcore/policy/fill.hpp"
#include "libcore/policy/rule.hpp"
#include "libcore/policy/words.hpp"

namespace cmdai::policy {
namespace {

class RulesReader {
 public:
  enum class Where : uint8_t { pack, settings };

  RulesReader(const SourceFile& file, Layer layer, Where where)
      : file_(file), layer_(layer), where_(where), reader_(file) {}

  Result<RuleSet> run() {
    const Result<TomlNode> root = parse_toml(file_.text, file_.path);
    if (!root) return fail(root.error());
    if (where_ == Where::settings && root->find("family") == nullptr && root->find("rule") == nullptr)
      return std::move(out_);
    // What else stands in config.toml is looked at by the settings' own reader.
    if (where_ == Where::pack) reader_.only(*root, words::kPackFields, "a rule file");
    family_ = reader_.required_text(*root, "family", "the file", {0, 1},
                                    "write `family = \"mine\"` above the first table: all ids begin with it");
    const TomlEntry* rules = root->find("rule");
    if (rules == nullptr)
      reader_.complain({0, 1}, "the file has no rule", "a rule begins with `[[rule]]`");
    else if (reader_.is(*rules, TomlNode::Type::array))
      for (const TomlNode& rule : rules->value.items) read_rule(rule);
    if (reader_.failed()) return fail(reader_.take_error());
    return std::move(out_);
  }

 private:
  void read_rule(const TomlNode& table) {
    if (!table.is(TomlNode::Type::table))
      return reader_.complain(table.place, "`rule` must hold tables", "a rule begins with `[[rule]]`");
    Rule rule;
    RuleInfo& info = rule.info;
    info.id = reader_.text(table, "id");
    owner_ = info.id.empty() ? "the rule" : fmt::format("rule `{}`", info.id);
    reader_.only(table, words::kRuleFields, owner_);
    reader_.required_text(table, "id", "the rule", table.place,
                          fmt::format("a name for it, such as `{}.some-thing`", family_));
    rule.id_place = table.find("id") != nullptr ? table.find("id")->value.place : table.place;
    check_id(info.id, rule.id_place);
    info.family = family_;
    info.file = file_.path;
    info.layer = layer_;
    info.line = reader_.line_of(rule.id_place);
    info.severity = reader_.required_text(table, "severity", owner_, rule.id_place,
                                          fmt::format("one of `{}`", fmt::join(words::kSeverities, "`, `")));
    if (const TomlEntry* severity = table.find("severity");
        severity != nullptr && severity->value.is(TomlNode::Type::string))
      reader_.choice(info.severity, severity->value.place, words::kSeverities, "severity");
    info.title = reader_.required_text(table, "title", owner_, rule.id_place, "what it stops, as `this …`");
    info.why = reader_.required_text(table, "why", owner_, rule.id_place,
                                     "why that is stopped, in a sentence or two");
    info.hint = reader_.required_text(table, "hint", owner_, rule.id_place, "what to do instead");
    info.safer = reader_.text(table, "safer");
    for (const std::string_view key : {"title", "why", "hint"}) warn_about_slots(table, key);
    read_core(table, info);
    read_terms(table, info);
    read_actions(table, rule);
    read_when(table, rule);
    read_examples(table, rule);
    out_.rules.push_back(std::move(rule));
  }

  /// A slot that nothing fills would be shown as it is written.
  void warn_about_slots(const TomlNode& table, std::string_view key) {
    const TomlEntry* entry = table.find(key);
    if (entry == nullptr || !entry->value.is(TomlNode::Type::string)) return;
    const auto wrong = key == "title" ? words_in_braces(entry->value.text) : unknown_slots(entry->value.text);
    for (const std::string_view slot : wrong)
      out_.warnings.push_back(reader_.at(
          entry->value.place,
          fmt::format("nothing takes the place of `{}` in `{}`: it is shown as written", slot, key),
          key == "title" ? "only `why` and `hint` say what was found" : suggestion(slot, slot_names())));
  }

  void check_id(const std::string& id, Range place) {
    if (id.empty()) return;
    const bool letters = id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
    if (!letters || !id.starts_with(family_ + '.') || id.size() == family_.size() + 1)
      reader_.complain(
          place, fmt::format("the id `{}` does not belong to family `{}`", id, family_),
          fmt::format("ids look like `{}.some-thing`: lower case letters, digits, dots and dashes", family_));
    const auto [other, fresh] = lines_.try_emplace(id, reader_.line_of(place));
    if (!fresh)
      reader_.complain(place, fmt::format("the id `{}` is used twice", id),
                       fmt::format("the other one is in line {}", other->second));
  }

  void read_core(const TomlNode& table, RuleInfo& info) {
    info.core = reader_.flag(table, "core").value_or(false);
    if (info.core && layer_ != Layer::core)
      reader_.complain(table.find("core")->place, "only shipped rules can be core rules",
                       "an organization's rules are locked without this");
  }

  void read_terms(const TomlNode& table, RuleInfo& info) {
    info.mode = read_mode(reader_, table, "mode");
    info.window = read_window(reader_, table);
    if (!info.core) return;
    for (const std::string_view key : {"mode", "not_before", "expires"})
      if (const TomlEntry* entry = table.find(key))
        reader_.complain(entry->place, fmt::format("a core rule always counts: it has no `{}`", key));
  }

  /// A word for all profiles, or a table with one for each.
  void read_action_set(const TomlEntry& entry, Action (&out)[3]) {
    if (entry.value.is(TomlNode::Type::table)) {
      reader_.only(entry.value, words::kProfiles, fmt::format("`{}`", entry.key));
      for (size_t i = 0; i < 3; ++i) {
        const TomlEntry* profile = entry.value.find(words::kProfiles[i]);
        if (profile == nullptr)
          reader_.complain(entry.place,
                           fmt::format("`{}` of {} has no `{}`", entry.key, owner_, words::kProfiles[i]),
                           "name all three profiles, or one action for all of them");
        else
          out[i] = read_action(reader_, *profile);
      }
      if (strictness(out[0]) > strictness(out[1]) || strictness(out[1]) > strictness(out[2]))
        reader_.complain(entry.place,
                         fmt::format("`{}` of {} gets milder from relaxed to strict", entry.key, owner_));
      return;
    }
    if (!entry.value.is(TomlNode::Type::string))
      return reader_.complain(entry.value.place, fmt::format("`{}` must be a string or a table, not {}",
                                                             entry.key, describe(entry.value.type)));
    std::fill(std::begin(out), std::end(out), read_action(reader_, entry));
  }

  /// What a rule does that names no action: its severity says.
  static void set_defaults(RuleInfo& info) {
    using enum Action;
    static constexpr Action kByProfile[4][3] = {
        {allow, allow, warn}, {allow, warn, ask}, {warn, ask, block}, {block, block, block}};
    const auto severity = static_cast<size_t>(
        std::find(std::begin(words::kSeverities), std::end(words::kSeverities), info.severity) -
        std::begin(words::kSeverities));
    for (size_t profile = 0; profile < 3; ++profile) {
      info.human[profile] = kByProfile[std::min<size_t>(severity, 3)][profile];
      info.agent[profile] = severity == 2 && profile == 0 ? ask : info.human[profile];
    }
  }

  void read_actions(const TomlNode& table, Rule& rule) {
    set_defaults(rule.info);
    const TomlEntry* action = table.find("action");
    if (action == nullptr) {
      if (const TomlEntry* agent = table.find("agent")) read_action_set(*agent, rule.info.agent);
      return;
    }
    if (action->value.is(TomlNode::Type::string) && action->value.text == "opaque") {
      rule.opaque_setting = true;
      if (const TomlEntry* agent = table.find("agent"))
        reader_.complain(agent->place, fmt::format("`agent` of {} can say nothing beside `opaque`", owner_),
                         "`[opaque]` in config.toml has an action for agents");
      return;
    }
    read_action_set(*action, rule.info.human);
    std::copy(std::begin(rule.info.human), std::end(rule.info.human), rule.info.agent);
    if (const TomlEntry* agent = table.find("agent")) read_action_set(*agent, rule.info.agent);
  }

  void read_when(const TomlNode& table, Rule& rule) {
    const TomlEntry* when = table.find("when");
    if (when == nullptr)
      return reader_.missing(table, "when", rule.id_place, fmt::format("{} has no `when`", owner_),
                             "say what it stops, such as `when = { effect = \"deletes\", path = \"home\" }`");
    rule.when = read_conditions(reader_, *when, out_);
    if (const TomlEntry* unless = table.find("unless")) rule.unless = read_conditions(reader_, *unless, out_);
  }

  void read_examples(const TomlNode& table, Rule& rule) {
    for (std::string_view key : {"stop", "pass"}) {
      const TomlEntry* entry = table.find(key);
      if (entry == nullptr || (entry->value.is(TomlNode::Type::array) && entry->value.items.empty())) {
        reader_.missing(
            table, key, entry == nullptr ? rule.id_place : entry->place,
            fmt::format("{} has no `{}` example", owner_, key),
            key == "stop" ? "a command this rule must stop" : "a similar command this rule must leave alone");
        continue;
      }
      if (!reader_.is(*entry, TomlNode::Type::array)) continue;
      for (const TomlNode& item : entry->value.items) {
        rule.info.examples.push_back(read_example(reader_, item));
        rule.info.examples.back().must_stop = key == "stop";
      }
    }
  }

  const SourceFile& file_;
  Layer layer_;
  Where where_;
  FieldReader reader_;
  RuleSet out_;
  std::unordered_map<std::string, uint32_t> lines_;  ///< of the ids so far
  std::string family_;
  std::string owner_;
};

}  // namespace

Result<RuleSet> read_rules(const SourceFile& file, Layer layer) {
  return RulesReader(file, layer, RulesReader::Where::pack).run();
}

Result<RuleSet> read_rules_of_settings(const SourceFile& file) {
  return RulesReader(file, Layer::user, RulesReader::Where::settings).run();
}

}  // namespace cmdai::policy
