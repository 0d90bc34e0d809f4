#include "enterprise/collector/store/sqlite/day_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "enterprise/collector/store/sqlite/day_query.hpp"

namespace cmdai::collector::sqlite {

namespace {

constexpr std::size_t kMostWords = 100'000;  // kept in memory; the rest is looked up

// Stops are what people look for: an index of those rows alone is small. There is none by time: the rows
// stand in the order they came.
constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS word(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
    "CREATE TABLE IF NOT EXISTS event(id INTEGER PRIMARY KEY, position INTEGER NOT NULL, seq INTEGER NOT "
    "NULL, received INTEGER "
    "NOT NULL, time INTEGER NOT NULL, device INTEGER NOT NULL, chain INTEGER NOT NULL, grp INTEGER NOT NULL, "
    "type INTEGER NOT "
    "NULL, action INTEGER NOT NULL, stopped INTEGER NOT NULL, rule INTEGER NOT NULL, actor INTEGER NOT NULL, "
    "agent INTEGER NOT "
    "NULL, user INTEGER NOT NULL, host INTEGER NOT NULL, uid TEXT NOT NULL, text TEXT NOT NULL);"
    "CREATE INDEX IF NOT EXISTS event_device ON event(device, id);"
    "CREATE INDEX IF NOT EXISTS event_stopped ON event(id) WHERE stopped = 1;"
    "CREATE INDEX IF NOT EXISTS event_rule ON event(rule, id) WHERE rule <> 0;"
    "CREATE INDEX IF NOT EXISTS event_agent ON event(agent, id) WHERE agent <> 0;"
    "CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5(text, content='event', content_rowid='id', "
    "tokenize='unicode61');"
    "CREATE TABLE IF NOT EXISTS rollup(minute INTEGER NOT NULL, grp TEXT NOT NULL, type TEXT NOT NULL, "
    "action TEXT NOT NULL, "
    "count INTEGER NOT NULL, PRIMARY KEY(minute, grp, type, action)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS state(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "PRAGMA user_version = 1;";

std::uint64_t position_of(Database& database) {
  Rows rows = database.run("SELECT value FROM state WHERE name = 'position'");
  return rows.next() ? rows.number(0) : 0;
}

}  // namespace

std::string day_name(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

DayFile::DayFile(const std::string& file, std::int64_t day) : file_(file, false), day_(day) {
  const auto made = file_.write([](Database& database) { database.script(kSchema); });
  if (!made) throw SqlError(SQLITE_CANTOPEN, file + ": " + made.error().text);
}

Result<std::uint64_t> DayFile::position() {
  return file_.read([](Database& database) { return position_of(database); });
}

/// 0 is the empty word.
std::int64_t DayFile::word(Database& database, const std::string& text) {
  if (text.empty()) return 0;
  const auto known = words_.find(text);
  if (known != words_.end()) return known->second;
  if (words_.size() >= kMostWords) words_.clear();
  std::int64_t id = 0;
  {
    Rows rows = database.run("SELECT id FROM word WHERE text = ?1", text);
    if (rows.next()) id = rows.integer(0);
  }
  if (id == 0) {
    database.execute("INSERT INTO word(text) VALUES (?1)", text);
    id = database.last_id();
  }
  words_.emplace(text, id);
  return id;
}

void DayFile::put_row(Database& database, const IndexRow& row) {
  const bool stopped = !row.action.empty() && row.action != "allow";
  database.execute(
      "INSERT INTO event(position, seq, received, time, device, chain, grp, type, action, stopped, rule, "
      "actor, agent, user, "
      "host, uid, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
      row.position, row.seq, row.received, row.time, word(database, row.device), word(database, row.chain),
      word(database, row.group), word(database, row.type), word(database, row.action), stopped,
      word(database, row.rule), word(database, row.actor), word(database, row.agent),
      word(database, row.user), word(database, row.host), row.uid, row.text);
  if (!row.text.empty())
    database.execute("INSERT INTO found(rowid, text) VALUES (?1, ?2)", database.last_id(), row.text);
}

void DayFile::count(const IndexRow& row) {
  const Time minute = row.received / kMinute * kMinute;
  RollupRow& counted = counts_[fmt::format("{}\n{}\n{}\n{}", minute, row.group, row.type, row.action)];
  if (counted.count++ != 0) return;
  counted.minute = minute;
  counted.group = row.group;
  counted.type = row.type;
  counted.action = row.action;
}

void DayFile::put_counts(Database& database) {
  for (const auto& [key, row] : counts_)
    database.execute(
        "INSERT INTO rollup(minute, grp, type, action, count) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO "
        "UPDATE SET count = "
        "count + ?5",
        row.minute, row.group, row.type, row.action, row.count);
}

Done DayFile::put(std::span<const IndexRow> rows, std::uint64_t position) {
  auto done = file_.write([&](Database& database) {
    Transaction transaction(database);
    const std::uint64_t have = position_of(database);
    counts_.clear();
    for (const IndexRow& row : rows) {
      if (row.position <= have) continue;
      put_row(database, row);
      count(row);
    }
    put_counts(database);
    if (position > have)
      database.execute(
          "INSERT INTO state(name, value) VALUES ('position', ?1) ON CONFLICT DO UPDATE SET value = ?1",
          position);
    transaction.commit();
  });
  if (!done) words_.clear();  // their rows may have been rolled back
  return done;
}

Result<std::vector<IndexRow>> DayFile::search(const EventQuery& query, std::uint64_t before,
                                              std::size_t limit, std::uint64_t& oldest) {
  return file_.read([&](Database& database) {
    std::vector<IndexRow> all;
    DayQuery sql(query, before, limit);
    if (!sql.resolve(database)) return all;  // it asks for a word this day has not
    Rows rows = database.once(sql.text());
    sql.bind(rows);
    while (rows.next()) {
      oldest = rows.number(0);
      all.push_back(row_of(rows));
    }
    return all;
  });
}

Result<std::vector<RollupRow>> DayFile::rollup(Time from, Time to) {
  return file_.read([&](Database& database) {
    std::vector<RollupRow> all;
    Rows rows = database.run(
        "SELECT minute, grp, type, action, count FROM rollup WHERE minute >= ?1 AND minute < ?2", from, to);
    while (rows.next())
      all.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.text(3), rows.number(4)});
    return all;
  });
}

}  // namespace cmdai::collector::sqlite
