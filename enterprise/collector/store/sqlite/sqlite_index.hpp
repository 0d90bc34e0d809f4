#pragma once
// The index as a folder of day files.
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "enterprise/collector/store/sqlite/day_file.hpp"

namespace cmdai::collector::sqlite {

class SqliteIndex final : public Index {
 public:
  /// Throws SqlError.
  explicit SqliteIndex(std::string folder);

  Done put(std::span<const IndexRow> rows, std::uint64_t position) override;
  Result<std::uint64_t> position() override;
  Result<EventPage> search(const EventQuery& query) override;
  Result<std::vector<RollupRow>> rollup(Time from, Time to) override;
  Done clear() override;
  Result<std::size_t> forget_before(Time time) override;

  Done checkpoint();
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  using Day = std::shared_ptr<DayFile>;
  Result<Day> open(std::int64_t day);
  std::vector<Day> newest_first();
  [[nodiscard]] std::string path_of(std::int64_t day) const;
  Done remember_position(std::uint64_t position);

  std::string folder_;
  std::mutex mutex_;
  std::map<std::int64_t, Day> days_;
  Connections state_;  // position, and which days were thrown away
};

}  // namespace cmdai::collector::sqlite
