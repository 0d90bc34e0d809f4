#include "enterprise/collector/store/sqlite/sqlite_ledger.hpp"
#include "enterprise/collector/store/sqlite/sqlite_records.hpp"

namespace cmdai::collector::sqlite {

namespace {

Alarm alarm_of(const Rows& row) {
  Alarm alarm;
  alarm.id = row.number(0);
  if (row.integer(7) == 0)
    throw SqlError(SQLITE_CORRUPT, "alarm " + std::to_string(alarm.id) + " is not as it was written");
  alarm.time = row.integer(1);
  alarm.kind = row.text(2);
  alarm.severity = row.text(3);
  alarm.device = row.text(4);
  alarm.text = row.text(5);
  alarm.open = row.integer(6) != 0;
  return alarm;
}

}  // namespace

Result<std::uint64_t> SqliteAlarms::add(const Alarm& alarm) {
  return file_.write([&](Database& database) {
    put_alarm(database, alarm);
    return static_cast<std::uint64_t>(database.last_id());
  });
}

Result<std::vector<Alarm>> SqliteAlarms::list(const AlarmFilter& filter) {
  return file_.read([&](Database& database) {
    const int open = filter.open ? (*filter.open ? 1 : 0) : -1;
    std::vector<Alarm> all;
    Rows rows = database.run(
        "SELECT id, time, kind, severity, device, text, open, seal IS seal('alarm', time, kind, severity, "
        "device, text, open) "
        "FROM alarm WHERE (?1 = 0 OR id < ?1) AND (?2 = '' OR kind = ?2) AND (?3 = '' OR device = ?3) AND "
        "(?4 = -1 OR open = "
        "?4) ORDER BY id DESC LIMIT ?5",
        filter.before, filter.kind, filter.device, open, filter.limit);
    while (rows.next()) all.push_back(alarm_of(rows));
    return all;
  });
}

Done SqliteAlarms::close(std::uint64_t id) {
  return file_.write([&](Database& database) {
    database.execute("UPDATE alarm SET open = 0 WHERE id = ?1", id);
    if (database.changes() == 0) throw SqlError(SQLITE_NOTFOUND, "no alarm has this number");
  });
}

}  // namespace cmdai::collector::sqlite
