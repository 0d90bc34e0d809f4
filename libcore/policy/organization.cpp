#include "libcore/policy/organization.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/policy/field_reader.hpp"
#include "libcore/policy/words.hpp"

namespace cmdai::policy {
namespace {

bool is_actor(std::string_view word) {
  return word == "human" || word == "agent" || (word.starts_with("agent:") && word.size() > 6);
}

class OrganizationReader {
 public:
  explicit OrganizationReader(const SourceFile& file) : reader_(file) { out_.source = file; }

  Result<OrganizationFile> run(std::vector<Diagnostic>* all) {
    const Result<TomlNode> root = parse_toml(out_.source.text, out_.source.path);
    if (!root) {
      if (all != nullptr) all->push_back(root.error());
      return fail(root.error());
    }
    if (all != nullptr) reader_.keep_all();
    read_document(*root);
    if (all != nullptr) *all = reader_.take_all();
    if (reader_.failed()) return fail(reader_.take_error());
    return std::move(out_);
  }

 private:
  void read_document(const TomlNode& root) {
    reader_.only(root, words::kOrganizationFields, "an organization's document");
    OrganizationPart document;
    if (const TomlNode* about = table(root, "organization")) read_about(*about, document);
    read_part(root, document);
    out_.parts.push_back(std::move(document));
    for (const TomlNode* group : reader_.tables(root, "group")) read_group(*group);
    for (const OrganizationPart& part : out_.parts) check_grants(part);
  }

  const TomlNode* table(const TomlNode& root, std::string_view key) {
    const TomlEntry* entry = root.find(key);
    return entry != nullptr && reader_.is(*entry, TomlNode::Type::table) ? &entry->value : nullptr;
  }

  void read_about(const TomlNode& about, OrganizationPart& document) {
    reader_.only(about, words::kOrganizationTableFields, "`[organization]`");
    out_.name = reader_.text(about, "name");
    out_.version = reader_.text(about, "version");
    out_.contact = reader_.text(about, "contact");
    document.mode = read_mode(reader_, about, "mode");
    document.window = read_window(reader_, about);
    document.place = about.place;
  }

  void read_group(const TomlNode& item) {
    reader_.only(item, words::kGroupFields, "`[[group]]`");
    OrganizationPart group;
    group.name = reader_.required_text(item, "name", "the group", item.place,
                                       "the name of a group that devices or users are in");
    group.place = item.find("name") != nullptr ? item.find("name")->value.place : item.place;
    const auto same = std::find_if(out_.parts.begin() + 1, out_.parts.end(),
                                   [&](const OrganizationPart& p) { return p.name == group.name; });
    if (same != out_.parts.end())
      reader_.complain(group.place, fmt::format("the group `{}` is there twice", group.name),
                       fmt::format("the other one is in line {}", reader_.line_of(same->place)));
    group.mode = read_mode(reader_, item, "mode");
    group.window = read_window(reader_, item);
    read_part(item, group);
    out_.parts.push_back(std::move(group));
  }

  void read_part(const TomlNode& root, OrganizationPart& part) {
    read_settings_part(reader_, root, part.locked);
    if (const TomlNode* defaults = table(root, "defaults")) {
      reader_.only(*defaults, words::kDefaultsFields, "`[defaults]`");
      read_settings_part(reader_, *defaults, part.defaults);
      refuse_terms(*defaults);
    }
    if (const TomlNode* modes = table(root, "modes")) read_modes(*modes, part);
    for (const TomlNode* item : reader_.tables(root, "exception")) read_grant(*item, part);
  }

  /// A proposal counts as long as its document does.
  void refuse_terms(const TomlNode& defaults) {
    const TomlEntry* rules = defaults.find("rules");
    if (rules == nullptr) return;
    for (const TomlEntry& entry : rules->value.entries)
      if (entry.value.is(TomlNode::Type::table))
        reader_.complain(entry.value.place, "a proposal is an action alone",
                         fmt::format("write `\"{}\" = \"warn\"`", entry.key));
  }

  void read_modes(const TomlNode& modes, OrganizationPart& part) {
    for (const TomlEntry& entry : modes.entries) {
      if (entry.value.is(TomlNode::Type::table)) {
        reader_.complain(entry.place,
                         fmt::format("a rule id needs quotes: `{}` without them is a table", entry.key),
                         fmt::format("write `\"{}.*\" = \"observe\"`", entry.key));
        continue;
      }
      check_selector(reader_, entry);
      if (const auto mode = read_mode(reader_, modes, entry.key)) {
        part.modes.emplace_back(entry.key, *mode);
        part.mode_places.push_back(entry.place);
      }
    }
  }

  void read_grant(const TomlNode& item, OrganizationPart& part) {
    reader_.only(item, words::kExceptionFields, "`[[exception]]`");
    Grant grant;
    grant.place = item.place;
    const auto required = [&](std::string_view key, std::string hint) {
      return reader_.required_text(item, key, "the exception", item.place, std::move(hint));
    };
    grant.scope.id = required("id", "a name for it: events and `cmdai policy effective` say it");
    grant.scope.rule = required("rule", "the id of the rule it lifts");
    grant.scope.reason = required("reason", "why it is granted, for whoever reads it later");
    grant.granted_by = required("granted_by", "who granted it");
    grant.rule_place = item.find("rule") != nullptr ? item.find("rule")->value.place : item.place;
    if (grant.scope.rule.find('*') != std::string::npos)
      reader_.complain(grant.rule_place, "an exception lifts one rule", "name it by its id");
    read_scope(item, grant);
    grant.window = read_window(reader_, item);
    if (item.find("expires") == nullptr)
      reader_.missing(item, "expires", item.place, "an exception must end: it has no `expires`",
                      "such as `expires = 2027-01-31`; it can be granted again");
    if (!part.name.empty()) {
      if (const TomlEntry* groups = item.find("groups"))
        reader_.complain(groups->place, fmt::format("this exception is group `{}`'s alone", part.name),
                         "one for several groups stands outside of them, as `[[exception]]`");
      grant.groups = {part.name};
    }
    check_narrow(item, grant);
    part.grants.push_back(std::move(grant));
  }

  void read_scope(const TomlNode& item, Grant& grant) {
    grant.scope.command = reader_.text(item, "command");
    grant.scope.path = reader_.text(item, "path");
    if (!grant.scope.path.empty() && !grant.scope.path.starts_with('/'))
      reader_.complain(item.find("path")->value.place, "`path` must be absolute");
    grant.scope.below = reader_.flag(item, "below").value_or(true);
    if (const TomlEntry* below = item.find("below");
        below != nullptr && (item.find("command") == nullptr || item.find("path") == nullptr))
      reader_.complain(below->place, "`below` needs a `command` and a `path`");
    for (auto& group : reader_.texts(item, "groups")) {
      named_groups_.emplace_back(group.value, group.place);
      grant.groups.push_back(std::move(group.value));
    }
    for (auto& actor : reader_.texts(item, "actor")) {
      if (!is_actor(actor.value))
        reader_.complain(actor.place, fmt::format("unknown actor `{}`", actor.value),
                         "`human`, `agent`, or `agent:NAME`");
      grant.actors.push_back(std::move(actor.value));
    }
  }

  /// Without any bound it would end the rule for everybody: that is said where the rule is.
  void check_narrow(const TomlNode& item, const Grant& grant) {
    for (const std::string_view key : {"command", "path", "groups", "actor"})
      if (item.find(key) != nullptr) return;
    if (grant.groups.empty())
      reader_.complain(item.place, "an exception needs a `command`, a `path`, `groups` or an `actor`",
                       "a rule that counts for nobody is taken out, or put into `[modes]` as `observe`");
  }

  void check_grants(const OrganizationPart& part) {
    for (const Grant& grant : part.grants) {
      if (grant.scope.id.empty()) continue;
      if (std::find(ids_.begin(), ids_.end(), grant.scope.id) != ids_.end())
        reader_.complain(grant.place, fmt::format("the exception id `{}` is used twice", grant.scope.id));
      ids_.push_back(grant.scope.id);
    }
    if (&part != &out_.parts.back()) return;
    std::vector<std::string_view> names;
    for (size_t i = 1; i < out_.parts.size(); ++i) names.emplace_back(out_.parts[i].name);
    for (const auto& [name, place] : named_groups_)
      if (std::find(names.begin(), names.end(), name) == names.end())
        reader_.complain(
            place, fmt::format("no group is called `{}`", name),
            names.empty() ? "a group begins with `[[group]]` and its `name`" : suggestion(name, names));
  }

  FieldReader reader_;
  OrganizationFile out_;
  std::vector<std::pair<std::string, Range>> named_groups_;
  std::vector<std::string> ids_;
};

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<OrganizationFile> read_organization(const SourceFile& file, std::vector<Diagnostic>* all) {
  return OrganizationReader(file).run(all);
}

void choose_groups(OrganizationFile& file, const std::vector<std::string>& groups,
                   std::vector<Diagnostic>& warnings) {
  std::vector<std::string> known;
  for (OrganizationPart& part : file.parts) {
    if (!part.name.empty()) known.push_back(part.name);
    part.counts = part.name.empty() || among(groups, part.name);
    for (Grant& grant : part.grants)
      grant.counts = grant.groups.empty() || std::any_of(grant.groups.begin(), grant.groups.end(),
                                                         [&](const auto& g) { return among(groups, g); });
  }
  const std::vector<std::string_view> names(known.begin(), known.end());
  for (const std::string& group : groups) {
    if (among(known, group)) continue;
    Diagnostic d;
    d.file = file.source.path;
    d.message = fmt::format("this device is in group `{}`, which the document does not know", group);
    const auto near = nearest(group, names.data(), names.data() + names.size());
    if (!near.empty()) d.hint = fmt::format("it has `{}`", near);
    warnings.push_back(std::move(d));
  }
}

}  // namespace cmdai::policy
