#include "libcore/policy/example_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libcore/policy/words.hpp"

namespace cmdai::policy {
namespace {

/// Examples about length would be unreadable written out.
void repeat(FieldReader& reader, std::string& command, int64_t times, Range place) {
  if (times < 1 || times > 1'000'000) return reader.complain(place, "`repeat` must be between 1 and 1000000");
  const std::string once = command;
  command.reserve(once.size() * static_cast<size_t>(times));
  for (int64_t i = 1; i < times; ++i) command += once;
}

/// What an example says the disk would tell.
void read_found(FieldReader& reader, const TomlNode& item, effects::Facts& found) {
  for (const auto& text : reader.texts(item, "loss"))
    if (const auto i = reader.choice(text.value, text.place, words::losses(), "loss"); i && *i != 0)
      found.losses.add(static_cast<effects::Loss>(*i));
  for (const auto& text : reader.texts(item, "context"))
    if (const auto i = reader.choice(text.value, text.place, words::contexts(), "context"))
      found.reach = static_cast<effects::Reach>(*i);
  for (const auto& text : reader.texts(item, "branch"))
    if (const auto i = reader.choice(text.value, text.place, words::branches(), "branch"))
      found.branch = static_cast<effects::BranchRole>(*i);
}

void read_table(FieldReader& reader, const TomlNode& item, Example& example) {
  const bool write = item.find("write") != nullptr;
  example.command = reader.required_text(item, write ? "write" : "command", "the example", item.place);
  if (write) example.shell = kWritesFile;
  if (const auto times = reader.integer(item, "repeat"))
    repeat(reader, example.command, *times, item.find("repeat")->value.place);
  read_found(reader, item, example.found);
  if (item.find("cwd") != nullptr) example.cwd = reader.text(item, "cwd");
  for (FieldReader::Text& line : reader.texts(item, "before"))
    example.before.push_back(std::move(line.value));
  const TomlEntry* shell = item.find("shell");
  if (shell == nullptr || !reader.is(*shell, TomlNode::Type::string)) return;
  reader.choice(shell->value.text, shell->value.place, words::kShells, "shell");
  example.shell = shell->value.text;
}

}  // namespace

Example read_example(FieldReader& reader, const TomlNode& item, std::span<const std::string_view> more) {
  Example example;
  example.cwd = "/home/u/project";
  example.line = reader.line_of(item.place);
  if (item.is(TomlNode::Type::string)) {
    example.command = item.text;
  } else if (item.is(TomlNode::Type::table)) {
    std::vector<std::string_view> known(std::begin(words::kExampleFields), std::end(words::kExampleFields));
    known.insert(known.end(), more.begin(), more.end());
    reader.only(item, known, "an example");
    read_table(reader, item, example);
  } else {
    reader.complain(item.place,
                    fmt::format("an example must be a string or a table, not {}", describe(item.type)));
  }
  return example;
}

}  // namespace cmdai::policy
