#pragma once
// A question to one day's file as SQL: what is asked for decides which conditions stand in it, the values are
// bound.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "enterprise/collector/store/index.hpp"
#include "enterprise/collector/store/sqlite/database.hpp"

namespace cmdai::collector::sqlite {

class DayQuery {
 public:
  DayQuery(const EventQuery& query, std::uint64_t before, std::size_t limit);
  /// Turns words into their numbers. False: this day has no such word, so no such event.
  bool resolve(Database& database);
  [[nodiscard]] const std::string& text() const { return sql_; }
  void bind(Rows& rows) const;

 private:
  using Value = std::variant<std::int64_t, std::string>;
  void where(std::string_view condition, Value value);

  const EventQuery& query_;
  std::uint64_t before_;
  std::size_t limit_;
  std::string conditions_;
  std::vector<Value> values_;
  std::string sql_;
};

/// Columns as DayQuery selects them.
IndexRow row_of(const Rows& rows);

/// What a person typed as an expression of FTS5: all words, "…" as a phrase, word* as a prefix. Nothing in it
/// can be syntax. Empty where there is no word in it.
std::string match_expression(std::string_view typed);

}  // namespace cmdai::collector::sqlite
