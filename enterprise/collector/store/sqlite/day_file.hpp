#pragma once
// One file of the index: the events that were received on one day (UTC). Words that come again and again
// (devices, rules, agents) are numbers in the rows; the words stand once, in a table of their own.
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "enterprise/collector/store/index.hpp"
#include "enterprise/collector/store/sqlite/connections.hpp"

namespace cmdai::collector::sqlite {

/// Days since 1970, of a time.
inline std::int64_t day_of(Time time) { return time / kDay; }
/// `2026-01-31`
std::string day_name(std::int64_t day);

class DayFile {
 public:
  /// Opens or makes it. Throws SqlError.
  DayFile(const std::string& file, std::int64_t day);

  [[nodiscard]] std::int64_t day() const { return day_; }
  /// Up to which position it has rows.
  Result<std::uint64_t> position();
  /// Rows of batches beyond position() count, others are passed over: after a crash a day may be ahead of
  /// another.
  Done put(std::span<const IndexRow> rows, std::uint64_t position);
  /// Newest first, ids below `before` (0: all). `oldest` is set to the last row's id.
  Result<std::vector<IndexRow>> search(const EventQuery& query, std::uint64_t before, std::size_t limit,
                                       std::uint64_t& oldest);
  Result<std::vector<RollupRow>> rollup(Time from, Time to);
  Done checkpoint() { return file_.checkpoint(); }

 private:
  std::int64_t word(Database& database, const std::string& text);
  void put_row(Database& database, const IndexRow& row);
  void count(const IndexRow& row);
  void put_counts(Database& database);

  Connections file_;
  std::int64_t day_;
  std::unordered_map<std::string, std::int64_t> words_;  // of the writer
  std::map<std::string, RollupRow> counts_;              // of the commit that is being made
};

}  // namespace cmdai::collector::sqlite
