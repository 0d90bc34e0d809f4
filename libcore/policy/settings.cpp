// config.toml (docs: config/cmdai.toml), allow.toml and .cmdai.toml.
#include <fmt/format.h>

#include <algorithm>

#include "libcore/base/unicode.hpp"
#include "libcore/policy/example_reader.hpp"
#include "libcore/policy/field_reader.hpp"
#include "libcore/policy/settings_file.hpp"
#include "libcore/policy/words.hpp"

namespace cmdai::policy {
namespace {

std::span<const std::string_view> fields_of(SettingsKind kind) {
  switch (kind) {
    case SettingsKind::user: return words::kUserFields;
    case SettingsKind::allow_list: return words::kAllowListFields;
    case SettingsKind::project:
    case SettingsKind::organization: return words::kTighteningFields;
  }
  return {};
}

std::string_view name_of(SettingsKind kind) {
  switch (kind) {
    case SettingsKind::user: return "the configuration";
    case SettingsKind::allow_list: return "an allow list";
    case SettingsKind::project: return "a project file";
    case SettingsKind::organization: return "an organization's settings";
  }
  return {};
}

/// Stable across runs and entries' order: a hash of what the entry says.
std::string id_of(const AllowEntry& entry) {
  uint64_t hash = 0xcbf29ce484222325U;
  for (const std::string* part : {&entry.command, &entry.rule, &entry.path}) {
    for (const char c : *part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    hash = (hash ^ 0xffU) * 0x100000001b3U;
  }
  if (!entry.below) hash = (hash ^ 1U) * 0x100000001b3U;
  return fmt::format("{:08x}", static_cast<uint32_t>(hash ^ (hash >> 32U)));
}

class SettingsReader {
 public:
  SettingsReader(FieldReader& reader, SettingsKind kind, SettingsFile& into)
      : kind_(kind), reader_(reader), out_(into) {}

  void read_file(const TomlNode& root) {
    refuse_loosening(root);
    reader_.only(root, fields_of(kind_), name_of(kind_));
    read_part(root);
    read_allow(root);
    read_unavailable(root);
    read_approval(root);
    read_examples(root);
    for (auto& text : rule_files(root)) out_.settings.rule_files.push_back(std::move(text.value));
  }

  /// What every layer may say.
  void read_part(const TomlNode& table) {
    read_profile(table);
    read_opaque(table);
    read_rules(table);
    read_agents(table);
  }

 private:
  /// Fields that exist, but not here, deserve a better word than "unknown".
  void refuse_loosening(const TomlNode& root) {
    if (kind_ != SettingsKind::project) return;
    for (std::string_view key :
         {"allow", "on_unavailable", "rule_files", "family", "rule", "example", "approval"})
      if (const TomlEntry* entry = root.find(key))
        reader_.complain(entry->place,
                         fmt::format("a project file may only tighten: `{}` is not allowed here", key),
                         "put it into your own `~/.config/cmdai/config.toml`");
  }

  const TomlNode* table(const TomlNode& root, std::string_view key, std::span<const std::string_view> known) {
    const TomlEntry* entry = root.find(key);
    if (entry == nullptr || !reader_.is(*entry, TomlNode::Type::table)) return nullptr;
    if (!known.empty()) reader_.only(entry->value, known, fmt::format("`[{}]`", key));
    return &entry->value;
  }

  void read_profile(const TomlNode& root) {
    const TomlNode* profile = table(root, "profile", words::kActorFields);
    if (profile == nullptr) return;
    out_.profile_place = root.find("profile")->place;
    const auto read = [&](std::string_view key, Profile& into) {
      const TomlEntry* entry = profile->find(key);
      const std::optional<Profile> word = entry == nullptr ? std::nullopt : read_profile_word(*entry);
      if (word) into = *word;
      return word.has_value();
    };
    out_.sets_human = read("human", out_.settings.human);
    out_.sets_agent = read("agent", out_.settings.agent);
  }

  void read_opaque(const TomlNode& root) {
    const TomlNode* opaque = table(root, "opaque", words::kActorFields);
    if (opaque == nullptr) return;
    out_.opaque_place = root.find("opaque")->place;
    const auto read = [&](std::string_view key, Action& into) {
      const TomlEntry* entry = opaque->find(key);
      if (entry != nullptr) into = read_action(reader_, *entry);
      return entry != nullptr;
    };
    out_.sets_opaque_human = read("human", out_.settings.opaque_human);
    out_.sets_opaque_agent = read("agent", out_.settings.opaque_agent);
  }

  void read_rules(const TomlNode& root) {
    const TomlNode* rules = table(root, "rules", {});
    if (rules != nullptr) read_actions(*rules, out_.settings.rule_actions, out_.rule_places, out_.rule_terms);
  }

  using RuleActions = std::vector<std::pair<std::string, Action>>;

  /// An organization may say more of a rule than its action: `{ action = "block", expires = 2027-01-31 }`.
  bool says_more(const TomlEntry& entry) const {
    return kind_ == SettingsKind::organization && entry.value.is(TomlNode::Type::table) &&
           (entry.key == "*" || entry.key.find('.') != std::string::npos);
  }

  Action read_bound(const TomlEntry& entry, Terms& terms) {
    const TomlNode& table = entry.value;
    reader_.only(table, words::kBoundFields, fmt::format("`{}`", entry.key));
    terms.mode = read_mode(reader_, table, "mode");
    terms.window = read_window(reader_, table);
    (void)reader_.text(table, "reason");
    const TomlEntry* action = table.find("action");
    if (action != nullptr) return read_action(reader_, *action);
    reader_.missing(table, "action", entry.place, fmt::format("`{}` has no `action`", entry.key),
                    "such as `action = \"block\"`; how far it counts alone is said in `[modes]`");
    return Action::block;
  }

  void read_actions(const TomlNode& rules, RuleActions& into, std::vector<Range>& places,
                    std::vector<Terms>& all_terms) {
    for (const TomlEntry& entry : rules.entries) {
      if (entry.value.is(TomlNode::Type::table) && !says_more(entry)) {
        reader_.complain(entry.place,
                         fmt::format("a rule id needs quotes: `{}` without them is a table", entry.key),
                         fmt::format("write `\"{}.some-rule\" = \"ask\"`", entry.key));
        continue;
      }
      check_selector(reader_, entry);
      Terms terms;
      const Action action = says_more(entry) ? read_bound(entry, terms) : read_action(reader_, entry);
      if (kind_ == SettingsKind::project && action == Action::allow)
        reader_.complain(entry.value.place,
                         fmt::format("a project file may only tighten: it cannot allow `{}`", entry.key),
                         "put it into your own `~/.config/cmdai/config.toml`");
      into.emplace_back(entry.key, action);
      places.push_back(entry.place);
      all_terms.push_back(terms);
    }
  }

  std::optional<Profile> read_profile_word(const TomlEntry& entry) {
    if (!reader_.is(entry, TomlNode::Type::string)) return std::nullopt;
    const auto i = reader_.choice(entry.value.text, entry.value.place, words::kProfiles, "profile");
    if (!i) return std::nullopt;
    return static_cast<Profile>(*i);
  }

  void read_agents(const TomlNode& root) {
    const TomlNode* agents = table(root, "agents", {});
    if (agents == nullptr) return;
    for (const TomlEntry& entry : agents->entries) {
      if (!entry.value.is(TomlNode::Type::table))
        reader_.complain(entry.place, fmt::format("`agents.{}` must be a table", entry.key),
                         "an agent's settings begin with `[agents.NAME]`");
      else
        read_agent(entry);
    }
  }

  void read_agent(const TomlEntry& entry) {
    reader_.only(entry.value, words::kAgentFields, fmt::format("`[agents.{}]`", entry.key));
    AgentSettings agent;
    agent.name = entry.key;
    if (const TomlEntry* profile = entry.value.find("profile")) agent.profile = read_profile_word(*profile);
    if (const TomlEntry* opaque = entry.value.find("opaque")) agent.opaque = read_action(reader_, *opaque);
    std::vector<Range> places;
    std::vector<Terms> terms;
    const TomlEntry* rules = entry.value.find("rules");
    if (rules != nullptr && reader_.is(*rules, TomlNode::Type::table))
      read_actions(rules->value, agent.rule_actions, places, terms);
    out_.settings.agents.push_back(std::move(agent));
    out_.agent_places.push_back(entry.place);
    out_.agent_rule_places.push_back(std::move(places));
    out_.agent_rule_terms.push_back(std::move(terms));
  }

  std::vector<FieldReader::Text> rule_files(const TomlNode& root) {
    const TomlEntry* entry = root.find("rule_files");
    const bool none =
        entry != nullptr && entry->value.is(TomlNode::Type::array) && entry->value.items.empty();
    return none ? std::vector<FieldReader::Text>{} : reader_.texts(root, "rule_files");
  }

  void read_unavailable(const TomlNode& root) {
    const TomlEntry* entry = root.find("on_unavailable");
    if (entry == nullptr) return;
    const Action action = read_action(reader_, *entry);
    if (action == Action::warn || action == Action::block)
      out_.settings.on_unavailable = action;
    else
      reader_.complain(entry->value.place, "`on_unavailable` must be `warn` or `block`",
                       "`warn` says so once and runs the command");
  }

  void read_approval(const TomlNode& root) {
    const TomlNode* approval = table(root, "approval", words::kApprovalFields);
    const TomlEntry* notify = approval == nullptr ? nullptr : approval->find("notify");
    if (notify == nullptr || !reader_.is(*notify, TomlNode::Type::string)) return;
    const auto i = reader_.choice(notify->value.text, notify->value.place, words::kNotify, "notification");
    if (i) out_.settings.notify = static_cast<Notify>(*i);
  }

  void read_examples(const TomlNode& root) {
    for (const TomlNode* item : reader_.tables(root, "example")) {
      ExpectedAnswer expected;
      expected.example = read_example(reader_, *item, words::kActorFields);
      expected.file = out_.source.path;
      if (const TomlEntry* human = item->find("human")) expected.human = read_action(reader_, *human);
      if (const TomlEntry* agent = item->find("agent")) expected.agent = read_action(reader_, *agent);
      if (!expected.human && !expected.agent && !reader_.failed())
        reader_.complain(item->place, "an example must say what a `human` or an `agent` gets",
                         "such as `human = \"ask\"`");
      out_.settings.examples.push_back(std::move(expected));
    }
  }

  void read_allow(const TomlNode& root) {
    for (const TomlNode* item : reader_.tables(root, "allow")) {
      reader_.only(*item, words::kAllowFields, "`[[allow]]`");
      read_allow_entry(*item);
    }
  }

  void read_allow_entry(const TomlNode& item) {
    AllowEntry entry;
    entry.id = reader_.text(item, "id");
    entry.command = reader_.text(item, "command");
    entry.rule = reader_.text(item, "rule");
    entry.path = reader_.text(item, "path");
    entry.reason = reader_.text(item, "reason");
    if (const TomlEntry* below = item.find("below");
        below != nullptr && reader_.is(*below, TomlNode::Type::boolean))
      entry.below = below->value.truth;
    if (const TomlEntry* expires = item.find("expires")) {
      if (expires->value.is(TomlNode::Type::time) || expires->value.is(TomlNode::Type::integer))
        entry.expires = expires->value.number;
      else
        reader_.complain(expires->value.place,
                         fmt::format("`expires` must be a date, not {}", describe(expires->value.type)),
                         "write it without quotes: `expires = 2027-01-31` or `2027-01-31T12:00:00Z`");
    }
    if (const TomlEntry* below = item.find("below");
        below != nullptr && (item.find("command") == nullptr || item.find("path") == nullptr))
      reader_.complain(below->place, "`below` needs a `command` and a `path`");
    if (!entry.path.empty() && !entry.path.starts_with('/'))
      reader_.complain(item.find("path")->value.place, "`path` must be absolute");
    // What is no text has been complained of; an empty text says nothing.
    const auto given = [&item](std::string_view key, const std::string& value) {
      const TomlEntry* written = item.find(key);
      return written != nullptr && (!value.empty() || !written->value.is(TomlNode::Type::string));
    };
    if (!given("command", entry.command) && !(given("rule", entry.rule) && given("path", entry.path)))
      reader_.complain(item.place, "an allow entry needs a `command`, or a `rule` and a `path`",
                       "to switch a rule off everywhere use `[rules]`: `\"the.rule\" = \"allow\"`");
    if (entry.id.empty()) entry.id = id_of(entry);
    out_.settings.allow.push_back(std::move(entry));
    out_.allow_places.push_back(item.place);
  }

  SettingsKind kind_;
  FieldReader& reader_;
  SettingsFile& out_;
};

bool is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (!c.valid) return false;
    at += c.size;
  }
  return true;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(byte));
    else
      out += c;
  }
  return out + '"';
}

}  // namespace

Result<SettingsFile> read_settings(const SourceFile& file, SettingsKind kind) {
  const Result<TomlNode> root = parse_toml(file.text, file.path);
  if (!root) return fail(root.error());
  SettingsFile out;
  out.source = file;
  FieldReader reader(file);
  SettingsReader(reader, kind, out).read_file(*root);
  if (reader.failed()) return fail(reader.take_error());
  return out;
}

void read_settings_part(FieldReader& reader, const TomlNode& table, SettingsFile& into) {
  SettingsReader(reader, SettingsKind::organization, into).read_part(table);
}

Result<Settings> parse_settings(const SourceFile& file) {
  Result<SettingsFile> read = read_settings(file, SettingsKind::user);
  if (!read) return fail(std::move(read.error()));
  return std::move(read->settings);
}

Result<std::vector<AllowEntry>> parse_allow_list(const SourceFile& file) {
  Result<SettingsFile> read = read_settings(file, SettingsKind::allow_list);
  if (!read) return fail(std::move(read.error()));
  return std::move(read->settings.allow);
}

std::optional<std::string> to_toml(const AllowEntry& entry) {
  std::string out = "[[allow]]\n";
  for (const auto& [key, value] : {std::pair{"id", &entry.id},
                                   {"command", &entry.command},
                                   {"rule", &entry.rule},
                                   {"path", &entry.path},
                                   {"reason", &entry.reason}}) {
    if (value->empty()) continue;
    if (!is_utf8(*value)) return std::nullopt;
    out += fmt::format("{} = {}\n", key, quoted(*value));
  }
  if (!entry.below) out += "below = false\n";
  if (entry.expires != 0) out += fmt::format("expires = {}\n", entry.expires);
  return out;
}

}  // namespace cmdai::policy
