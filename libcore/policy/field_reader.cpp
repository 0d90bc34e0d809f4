#include "libcore/policy/field_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/policy/words.hpp"

namespace cmdai::policy {

std::string suggestion(std::string_view word, std::span<const std::string_view> names) {
  const std::string_view near = nearest(word, names.data(), names.data() + names.size());
  if (!near.empty()) return fmt::format("did you mean `{}`?", near);
  return fmt::format("known are `{}`", fmt::join(names, "`, `"));
}

FieldReader::FieldReader(const SourceFile& file) : file_(file) {
  for (size_t at = 0; (at = file.text.find('\n', at)) != std::string::npos; ++at)
    newlines_.push_back(static_cast<uint32_t>(at));
}

uint32_t FieldReader::line_of(Range place) const {
  return static_cast<uint32_t>(
      1 + (std::lower_bound(newlines_.begin(), newlines_.end(), place.begin) - newlines_.begin()));
}

Diagnostic FieldReader::at(Range place, std::string message, std::string hint) const {
  return diagnostic_at(file_.text, file_.path, place.begin, place.size(), std::move(message),
                       std::move(hint));
}

void FieldReader::complain(Range place, std::string message, std::string hint) {
  constexpr size_t kMost = 100;
  if (all_ && all_->size() < kMost) all_->try_emplace(place.begin, at(place, message, hint));
  if (error_ && error_offset_ <= place.begin) return;
  error_ = at(place, std::move(message), std::move(hint));
  error_offset_ = place.begin;
}

std::vector<Diagnostic> FieldReader::take_all() {
  std::vector<Diagnostic> out;
  if (!all_) return out;
  for (auto& [offset, problem] : *all_) out.push_back(std::move(problem));
  return out;
}

void FieldReader::only(const TomlNode& table, std::span<const std::string_view> known,
                       std::string_view owner) {
  for (const TomlEntry& entry : table.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    unknown_.emplace_back(&table, entry.key);
    complain(entry.place, fmt::format("unknown field `{}` in {}", entry.key, owner),
             suggestion(entry.key, known));
  }
}

void FieldReader::missing(const TomlNode& table, std::string_view key, Range place, std::string message,
                          std::string hint) {
  const bool misspelt = std::any_of(unknown_.begin(), unknown_.end(), [&](const auto& unknown) {
    return unknown.first == &table && !nearest(unknown.second, &key, &key + 1).empty();
  });
  if (!misspelt) complain(place, std::move(message), std::move(hint));
}

bool FieldReader::is(const TomlEntry& entry, TomlNode::Type type) {
  if (entry.value.is(type)) return true;
  complain(entry.value.place,
           fmt::format("`{}` must be {}, not {}", entry.key, describe(type), describe(entry.value.type)));
  return false;
}

std::string FieldReader::text(const TomlNode& table, std::string_view key) {
  const TomlEntry* entry = table.find(key);
  return entry != nullptr && is(*entry, TomlNode::Type::string) ? entry->value.text : std::string();
}

std::string FieldReader::required_text(const TomlNode& table, std::string_view key, std::string_view owner,
                                       Range owner_place, std::string hint) {
  const TomlEntry* entry = table.find(key);
  if (entry == nullptr) {
    missing(table, key, owner_place, fmt::format("{} has no `{}`", owner, key), std::move(hint));
    return {};
  }
  std::string value = text(table, key);
  if (value.empty() && entry->value.is(TomlNode::Type::string))
    complain(entry->value.place, fmt::format("`{}` is empty", key));
  return value;
}

std::optional<bool> FieldReader::flag(const TomlNode& table, std::string_view key) {
  const TomlEntry* entry = table.find(key);
  if (entry == nullptr || !is(*entry, TomlNode::Type::boolean)) return std::nullopt;
  return entry->value.truth;
}

std::optional<int64_t> FieldReader::integer(const TomlNode& table, std::string_view key) {
  const TomlEntry* entry = table.find(key);
  if (entry == nullptr || !is(*entry, TomlNode::Type::integer)) return std::nullopt;
  return entry->value.number;
}

std::vector<FieldReader::Text> FieldReader::texts(const TomlNode& table, std::string_view key) {
  std::vector<Text> out;
  const TomlEntry* entry = table.find(key);
  if (entry == nullptr) return out;
  const TomlNode& value = entry->value;
  if (value.is(TomlNode::Type::string)) {
    out.push_back({value.text, value.place});
  } else if (value.is(TomlNode::Type::array)) {
    if (value.items.empty())
      complain(value.place, fmt::format("`{}` is an empty list", key),
               "leave the field out, or name at least one value");
    for (const TomlNode& item : value.items) {
      if (item.is(TomlNode::Type::string))
        out.push_back({item.text, item.place});
      else
        complain(item.place, fmt::format("`{}` must hold strings, not {}", key, describe(item.type)));
    }
  } else {
    complain(value.place,
             fmt::format("`{}` must be a string or a list of strings, not {}", key, describe(value.type)));
  }
  return out;
}

std::vector<const TomlNode*> FieldReader::tables(const TomlNode& table, std::string_view key) {
  std::vector<const TomlNode*> out;
  const TomlEntry* list = table.find(key);
  if (list == nullptr || !is(*list, TomlNode::Type::array)) return out;
  for (const TomlNode& item : list->value.items) {
    if (item.is(TomlNode::Type::table))
      out.push_back(&item);
    else
      complain(item.place, fmt::format("`{}` must hold tables, not {}", key, describe(item.type)),
               fmt::format("an entry begins with `[[{}]]`", key));
  }
  return out;
}

std::optional<size_t> FieldReader::choice(const std::string& word, Range place,
                                          std::span<const std::string_view> names, std::string_view what) {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == word) return i;
  complain(place, fmt::format("unknown {} `{}`", what, word), suggestion(word, names));
  return std::nullopt;
}

Action read_action(FieldReader& reader, const TomlEntry& entry) {
  if (!reader.is(entry, TomlNode::Type::string)) return Action::block;
  if (!reader.choice(entry.value.text, entry.value.place, words::kActions, "action")) return Action::block;
  return action_from_string(entry.value.text).value_or(Action::block);
}

std::optional<Mode> read_mode(FieldReader& reader, const TomlNode& table, std::string_view key) {
  const TomlEntry* entry = table.find(key);
  if (entry == nullptr || !reader.is(*entry, TomlNode::Type::string)) return std::nullopt;
  if (!reader.choice(entry->value.text, entry->value.place, words::kModes, "mode")) return std::nullopt;
  return mode_from_string(entry->value.text);
}

Window read_window(FieldReader& reader, const TomlNode& table) {
  const auto read = [&](std::string_view key) -> int64_t {
    const TomlEntry* entry = table.find(key);
    if (entry == nullptr) return 0;
    if (entry->value.is(TomlNode::Type::time)) return entry->value.number;
    reader.complain(entry->value.place,
                    fmt::format("`{}` must be a date, not {}", key, describe(entry->value.type)),
                    fmt::format("write it without quotes: `{} = 2027-01-31` or `2027-01-31T12:00:00Z`", key));
    return 0;
  };
  Window out;
  out.not_before = read("not_before");
  out.expires = read("expires");
  if (out.not_before != 0 && out.expires != 0 && out.expires <= out.not_before)
    reader.complain(table.find("expires")->value.place, "`expires` is not after `not_before`");
  return out;
}

void check_selector(FieldReader& reader, const TomlEntry& entry) {
  const size_t star = entry.key.find('*');
  if (star != std::string::npos && (star + 1 != entry.key.size() || (star > 0 && entry.key[star - 1] != '.')))
    reader.complain(entry.place,
                    fmt::format("`{}`: a star stands for the rest of an id, after a dot", entry.key),
                    "write `git.*`, or `*` for every rule");
}

}  // namespace cmdai::policy
