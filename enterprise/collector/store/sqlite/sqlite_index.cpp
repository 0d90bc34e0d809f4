#include "enterprise/collector/store/sqlite/sqlite_index.hpp"

#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

namespace cmdai::collector::sqlite {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostRows = 1000;

/// `index-2026-01-31.db` to its day.
std::optional<std::int64_t> day_of_file(const std::string& name) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char tail = 0;
  if (std::sscanf(name.c_str(), "index-%4d-%2u-%2u.d%c", &year, &month, &day, &tail) != 4 || tail != 'b')
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  if (!date.ok() || name.size() != 19) return std::nullopt;
  return std::chrono::sys_days{date}.time_since_epoch().count();
}

void remove_file(const std::string& file) {
  for (const char* tail : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    fs::remove(file + tail, ignored);
  }
}

struct Cursor {
  std::int64_t day = INT64_MAX;
  std::uint64_t before = 0;
};

std::string write(const Cursor& cursor) {
  return std::to_string(cursor.day) + "." + std::to_string(cursor.before);
}

std::optional<Cursor> read_cursor(const std::string& text) {
  if (text.empty()) return Cursor{};
  Cursor cursor;
  const char* const end = text.data() + text.size();
  const auto day = std::from_chars(text.data(), end, cursor.day);
  if (day.ec != std::errc{} || day.ptr == end || *day.ptr != '.') return std::nullopt;
  const auto id = std::from_chars(day.ptr + 1, end, cursor.before);
  if (id.ec != std::errc{} || id.ptr != end) return std::nullopt;
  return cursor;
}

}  // namespace

SqliteIndex::SqliteIndex(std::string folder)
    : folder_(std::move(folder)), state_(folder_ + "/position.db", false) {
  const auto made = state_.write([](Database& database) {
    database.script(
        "CREATE TABLE IF NOT EXISTS state(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;");
  });
  if (!made) throw SqlError(SQLITE_CANTOPEN, made.error().text);
  for (const auto& entry : fs::directory_iterator(folder_))
    if (const auto day = day_of_file(entry.path().filename().string())) days_.emplace(*day, nullptr);
}

std::string SqliteIndex::path_of(std::int64_t day) const {
  return folder_ + "/index-" + day_name(day) + ".db";
}

Result<SqliteIndex::Day> SqliteIndex::open(std::int64_t day) {
  return attempt([&] {
    const std::scoped_lock lock(mutex_);
    Day& known = days_[day];
    if (known == nullptr) known = std::make_shared<DayFile>(path_of(day), day);
    return known;
  });
}

Result<std::uint64_t> SqliteIndex::position() {
  return state_.read([](Database& database) {
    Rows rows = database.run("SELECT value FROM state WHERE name = 'position'");
    return rows.next() ? rows.number(0) : std::uint64_t{0};
  });
}

Done SqliteIndex::remember_position(std::uint64_t position) {
  return state_.write([&](Database& database) {
    database.execute(
        "INSERT INTO state(name, value) VALUES ('position', ?1) ON CONFLICT DO UPDATE SET value = ?1",
        position);
  });
}

/// Each day's rows with the day's position, the position of the whole last: what a crash leaves between is
/// put again, and passed over by the day that has it.
Done SqliteIndex::put(std::span<const IndexRow> rows, std::uint64_t position) {
  std::size_t at = 0;
  while (at < rows.size()) {
    const std::int64_t day = day_of(rows[at].received);
    std::size_t end = at;
    while (end < rows.size() && day_of(rows[end].received) == day) ++end;
    const auto file = open(day);
    if (!file) return tl::unexpected(file.error());
    auto done = (*file)->put(rows.subspan(at, end - at), rows[end - 1].position);
    if (!done) return done;
    at = end;
  }
  return remember_position(position);
}

std::vector<SqliteIndex::Day> SqliteIndex::newest_first() {
  std::vector<std::int64_t> days;
  {
    const std::scoped_lock lock(mutex_);
    for (auto day = days_.rbegin(); day != days_.rend(); ++day) days.push_back(day->first);
  }
  std::vector<Day> all;
  for (const std::int64_t day : days)
    if (auto file = open(day)) all.push_back(*file);
  return all;
}

Result<EventPage> SqliteIndex::search(const EventQuery& query) {
  const auto cursor = read_cursor(query.cursor);
  if (!cursor) return failed(Problem::invalid, "this is no cursor");
  const std::size_t limit = std::min(std::max<std::size_t>(query.limit, 1), kMostRows);
  EventPage page;
  for (const Day& day : newest_first()) {
    if (day->day() > cursor->day) continue;
    // What came on a day did not happen after it, but for clocks that run ahead; it may have happened long
    // before.
    if (query.from && day->day() + 1 < day_of(*query.from)) break;
    std::uint64_t oldest = 0;
    auto rows =
        day->search(query, day->day() == cursor->day ? cursor->before : 0, limit - page.rows.size(), oldest);
    if (!rows) return tl::unexpected(rows.error());
    for (IndexRow& row : *rows) page.rows.push_back(std::move(row));
    if (page.rows.size() < limit) continue;
    page.cursor = write({day->day(), oldest});
    break;
  }
  return page;
}

Result<std::vector<RollupRow>> SqliteIndex::rollup(Time from, Time to) {
  std::vector<RollupRow> all;
  for (const Day& day : newest_first()) {
    if (day->day() < day_of(from) || day->day() > day_of(to)) continue;
    auto rows = day->rollup(from, to);
    if (!rows) return tl::unexpected(rows.error());
    all.insert(all.end(), rows->begin(), rows->end());
  }
  return all;
}

Done SqliteIndex::clear() {
  const auto gone = forget_before(INT64_MAX);
  if (!gone) return tl::unexpected(gone.error());
  return remember_position(0);
}

Result<std::size_t> SqliteIndex::forget_before(Time time) {
  const std::scoped_lock lock(mutex_);
  std::size_t gone = 0;
  for (auto day = days_.begin(); day != days_.end() && day->first < day_of(time);) {
    remove_file(path_of(day->first));  // who searches in it still has it open
    day = days_.erase(day);
    ++gone;
  }
  return gone;
}

Done SqliteIndex::checkpoint() {
  std::vector<Day> open_days;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [day, file] : days_)
      if (file != nullptr) open_days.push_back(file);
  }
  for (const Day& day : open_days)
    if (auto done = day->checkpoint(); !done) return done;
  return state_.checkpoint();
}

std::uint64_t SqliteIndex::bytes() const {
  std::uint64_t sum = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored))
    sum += entry.is_regular_file() ? entry.file_size() : 0;
  return sum;
}

}  // namespace cmdai::collector::sqlite
