#pragma once
// Reads tables field by field and keeps the first complaint with its place. After a complaint reading goes on
// with default values, so that callers stay straight; whoever started asks failed() at the end.
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libcore/policy/policy.hpp"
#include "libcore/policy/toml_tree.hpp"

namespace cmdai::policy {

class FieldReader {
 public:
  explicit FieldReader(const SourceFile& file);

  /// Keeps the complaint that stands first in the file.
  void complain(Range at, std::string message, std::string hint = {});
  bool failed() const { return error_.has_value(); }
  Diagnostic take_error() { return error_ ? std::move(*error_) : Diagnostic{}; }
  /// All of them from here on, in file order; one a place. For authors, who mend a file at one go.
  void keep_all() { all_.emplace(); }
  std::vector<Diagnostic> take_all();
  Diagnostic at(Range place, std::string message, std::string hint = {}) const;
  /// From 1. Cheap: each rule and example has one.
  uint32_t line_of(Range place) const;

  /// Complains about keys not in `known`; `owner` completes "unknown field `x` in …".
  void only(const TomlNode& table, std::span<const std::string_view> known, std::string_view owner);
  /// Complains that `key` is not there, unless only() has found one that is meant for it: a slip is told
  /// where it is.
  void missing(const TomlNode& table, std::string_view key, Range place, std::string message,
               std::string hint = {});
  bool is(const TomlEntry& entry, TomlNode::Type type);

  std::string text(const TomlNode& table, std::string_view key);
  std::string required_text(const TomlNode& table, std::string_view key, std::string_view owner,
                            Range owner_place, std::string hint = {});
  std::optional<bool> flag(const TomlNode& table, std::string_view key);
  std::optional<int64_t> integer(const TomlNode& table, std::string_view key);
  /// A string or an array of strings, each with its place.
  struct Text {
    std::string value;
    Range place;
  };
  std::vector<Text> texts(const TomlNode& table, std::string_view key);
  /// The tables of `[[key]]`.
  std::vector<const TomlNode*> tables(const TomlNode& table, std::string_view key);

  /// One of the names, by index; complains with the nearest one as hint. `what`: "action", "path class" …
  std::optional<size_t> choice(const std::string& word, Range place, std::span<const std::string_view> names,
                               std::string_view what);

 private:
  const SourceFile& file_;
  std::vector<uint32_t> newlines_;
  std::optional<Diagnostic> error_;
  uint32_t error_offset_ = 0;
  std::optional<std::map<uint32_t, Diagnostic>> all_;
  std::vector<std::pair<const TomlNode*, std::string_view>> unknown_;  ///< keys, each with its table
};

/// hint: "did you mean `action`?", or all names when nothing is near.
std::string suggestion(std::string_view word, std::span<const std::string_view> names);

/// An action name in a table, with its complaint; "block" when wrong.
Action read_action(FieldReader& reader, const TomlEntry& entry);
/// How far something counts; nullopt when the table does not say.
std::optional<Mode> read_mode(FieldReader& reader, const TomlNode& table, std::string_view key);
/// `not_before` and `expires`.
Window read_window(FieldReader& reader, const TomlNode& table);
/// Complains of a star that is not the rest of an id.
void check_selector(FieldReader& reader, const TomlEntry& entry);

}  // namespace cmdai::policy
