#include "libcore/policy/condition_reader.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include "libcore/policy/tags.hpp"
#include "libcore/policy/words.hpp"

namespace cmdai::policy {
namespace {

uint32_t read_bits(FieldReader& reader, const TomlNode& table, std::string_view key,
                   std::span<const std::string_view> names, std::string_view what) {
  uint32_t bits = 0;
  for (const auto& text : reader.texts(table, key))
    if (const auto i = reader.choice(text.value, text.place, names, what)) bits |= 1U << *i;
  return bits;
}

std::vector<std::string> read_words(FieldReader& reader, const TomlNode& table, std::string_view key) {
  std::vector<std::string> out;
  for (auto& text : reader.texts(table, key)) {
    if (text.value.empty()) reader.complain(text.place, fmt::format("`{}` holds an empty string", key));
    out.push_back(std::move(text.value));
  }
  return out;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  for (size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string::npos;) {
    const size_t end = std::min(text.find(' ', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

CallTest read_call(FieldReader& reader, const TomlEntry& entry) {
  CallTest out;
  if (!reader.is(entry, TomlNode::Type::table)) return out;
  const TomlNode& table = entry.value;
  if (table.entries.empty()) reader.complain(entry.place, "`call` is empty", "name at least a `program`");
  reader.only(table, words::kCallFields, "`call`");
  out.programs = read_words(reader, table, "program");
  for (const std::string& words : read_words(reader, table, "words")) out.words.push_back(split(words));
  out.options = read_words(reader, table, "option");
  out.without = read_words(reader, table, "without");
  out.arguments = read_words(reader, table, "argument");
  out.known = reader.flag(table, "known");
  return out;
}

std::vector<uint32_t> read_patterns(FieldReader& reader, const TomlNode& table, RuleSet& into) {
  std::vector<uint32_t> out;
  for (auto& text : reader.texts(table, "text")) {
    const RE2 regex(text.value, RE2::Quiet);
    if (!regex.ok()) {
      const bool look_around =
          text.value.find("(?=") != std::string::npos || text.value.find("(?!") != std::string::npos ||
          text.value.find("(?<=") != std::string::npos || text.value.find("(?<!") != std::string::npos;
      reader.complain(
          text.place, "bad regular expression: " + regex.error(),
          look_around
              ? "RE2 has no look-around: it matches in linear time; say the exception with `not` or `unless`"
              : "the syntax is RE2's; write it in single quotes, then backslashes need no doubling");
    }
    out.push_back(static_cast<uint32_t>(into.patterns.size()));
    into.patterns.push_back(std::move(text.value));
  }
  return out;
}

void warn_about_tags(FieldReader& reader, const TomlNode& table, RuleSet& into) {
  const TomlEntry* entry = table.find("tag");
  if (entry == nullptr || reader.failed()) return;
  for (const auto& text : reader.texts(table, "tag")) {
    if (tag_is_known(text.value)) continue;
    into.warnings.push_back(
        reader.at(text.place, fmt::format("no effect has the tag `{}`: this can never match", text.value),
                  suggestion(text.value, known_tags())));
  }
}

void read_effect_fields(FieldReader& reader, const TomlNode& table, Condition& out, RuleSet& into) {
  for (std::string_view key :
       {"effect", "tag", "path", "worst", "target", "detail", "recursive", "force", "privileged", "elsewhere",
        "exact", "glob", "certainty", "program", "via", "loss", "context", "branch"})
    out.about_effect |= table.find(key) != nullptr;
  out.kinds = read_bits(reader, table, "effect", words::kinds(), "effect");
  out.paths = read_bits(reader, table, "path", words::path_classes(), "path class");
  out.worst = read_bits(reader, table, "worst", words::path_classes(), "path class");
  out.certainties =
      static_cast<uint8_t>(read_bits(reader, table, "certainty", words::kCertainties, "certainty"));
  out.losses = read_bits(reader, table, "loss", words::losses(), "loss");
  out.reaches = read_bits(reader, table, "context", words::contexts(), "context");
  out.branches = read_bits(reader, table, "branch", words::branches(), "branch");
  out.tags = read_words(reader, table, "tag");
  warn_about_tags(reader, table, into);
  out.targets = read_words(reader, table, "target");
  out.details = read_words(reader, table, "detail");
  out.programs = read_words(reader, table, "program");
  out.via = read_words(reader, table, "via");
  out.recursive = reader.flag(table, "recursive");
  out.force = reader.flag(table, "force");
  out.privileged = reader.flag(table, "privileged");
  out.elsewhere = reader.flag(table, "elsewhere");
  out.exact = reader.flag(table, "exact");
  out.glob = reader.flag(table, "glob");
}

Condition read_condition(FieldReader& reader, const TomlNode& table, Range place, RuleSet& into) {
  Condition out;
  if (table.entries.empty())
    reader.complain(place, "an empty condition would match every command",
                    "name at least one field, such as `effect` or `tag`");
  reader.only(table, words::kConditionFields, "a condition");
  read_effect_fields(reader, table, out, into);
  if (const TomlEntry* call = table.find("call")) out.call = read_call(reader, *call);
  out.texts = read_patterns(reader, table, into);
  if (const auto bytes = reader.integer(table, "longer_than")) {
    if (*bytes <= 0)
      reader.complain(table.find("longer_than")->value.place,
                      "`longer_than` must be a number of bytes above 0");
    out.longer_than = *bytes > 0 ? static_cast<uint64_t>(*bytes) : 0;
  }
  out.hidden = reader.flag(table, "hidden");
  out.statuses = static_cast<uint8_t>(read_bits(reader, table, "status", words::kStatuses, "status"));
  if (const TomlEntry* entry = table.find("all")) out.all = read_conditions(reader, *entry, into);
  if (const TomlEntry* entry = table.find("any")) out.any = read_conditions(reader, *entry, into);
  if (const TomlEntry* entry = table.find("not")) out.none = read_conditions(reader, *entry, into);
  if (const TomlEntry* entry = table.find("beside")) out.beside = read_conditions(reader, *entry, into);
  return out;
}

}  // namespace

std::vector<Condition> read_conditions(FieldReader& reader, const TomlEntry& entry, RuleSet& into) {
  std::vector<Condition> out;
  if (entry.value.is(TomlNode::Type::table)) {
    out.push_back(read_condition(reader, entry.value, entry.place, into));
  } else if (entry.value.is(TomlNode::Type::array)) {
    if (entry.value.items.empty())
      reader.complain(entry.value.place, fmt::format("`{}` is an empty list", entry.key));
    for (const TomlNode& item : entry.value.items) {
      if (item.is(TomlNode::Type::table))
        out.push_back(read_condition(reader, item, item.place, into));
      else
        reader.complain(item.place,
                        fmt::format("`{}` must hold tables, not {}", entry.key, describe(item.type)));
    }
  } else {
    reader.complain(entry.value.place, fmt::format("`{}` must be a table or a list of tables, not {}",
                                                   entry.key, describe(entry.value.type)));
  }
  return out;
}

bool asks_about_effect(const Condition& c) {
  const auto any_asks = [](const std::vector<Condition>& list) {
    return std::any_of(list.begin(), list.end(), asks_about_effect);
  };
  return c.about_effect || any_asks(c.all) || any_asks(c.any) || any_asks(c.none);
}

}  // namespace cmdai::policy
