#include "enterprise/collector/store/sqlite/schema.hpp"

namespace cmdai::collector::sqlite {

namespace {

struct Table {
  std::string_view name;
  std::string_view columns;  // as declared
  std::string_view values;   // what is sealed
  std::string_view rest;     // keys, after the seal
  std::string_view after;    // options of the table
};

// Ids that SQLite counts itself (alarm, act) are not known when a row is sealed, and are left out of it.
constexpr Table kTables[] = {
    {"batch",
     "position INTEGER PRIMARY KEY, device TEXT NOT NULL, chain TEXT NOT NULL, first INTEGER NOT NULL, count "
     "INTEGER NOT "
     "NULL, last INTEGER NOT NULL, fresh INTEGER NOT NULL, head TEXT NOT NULL, boot TEXT NOT NULL, received "
     "INTEGER NOT "
     "NULL, trusted INTEGER NOT NULL, grp TEXT NOT NULL, bytes BLOB NOT NULL",
     "position, device, chain, first, count, last, fresh, head, boot, received, trusted, grp, bytes",
     "UNIQUE(device, chain, fresh)", ""},
    {"chain",
     "device TEXT NOT NULL, chain TEXT NOT NULL, next INTEGER NOT NULL, head TEXT NOT NULL, ratchet BLOB NOT "
     "NULL, boot TEXT "
     "NOT NULL, updated INTEGER NOT NULL, off INTEGER NOT NULL, gaps INTEGER NOT NULL",
     "device, chain, next, head, ratchet, boot, updated, off, gaps", "PRIMARY KEY(device, chain)",
     "WITHOUT ROWID"},
    {"apart",
     "id INTEGER PRIMARY KEY, device TEXT NOT NULL, chain TEXT NOT NULL, first INTEGER NOT NULL, received "
     "INTEGER NOT NULL, "
     "reason TEXT NOT NULL, bytes BLOB NOT NULL",
     "device, chain, first, received, reason, bytes", "", ""},
    {"node", "level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL", "level, idx, hash",
     "PRIMARY KEY(level, idx)", "WITHOUT ROWID"},
    {"alarm",
     "id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, kind TEXT NOT NULL, severity TEXT NOT "
     "NULL, device TEXT "
     "NOT NULL, text TEXT NOT NULL, open INTEGER NOT NULL",
     "time, kind, severity, device, text, open", "", ""},
    {"token",
     "hash TEXT PRIMARY KEY, id TEXT NOT NULL, grp TEXT NOT NULL, uses INTEGER NOT NULL, used INTEGER NOT "
     "NULL, created "
     "INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER NOT NULL, created_by TEXT NOT NULL",
     "hash, id, grp, uses, used, created, expires, revoked, created_by", "", "WITHOUT ROWID"},
    {"device",
     "id TEXT PRIMARY KEY, pub TEXT NOT NULL, previous TEXT NOT NULL, box TEXT NOT NULL, epoch INTEGER NOT "
     "NULL, groups TEXT "
     "NOT NULL, host TEXT NOT NULL, os TEXT NOT NULL, version TEXT NOT NULL, assurance TEXT NOT NULL, "
     "enrolled INTEGER NOT "
     "NULL, revoked INTEGER NOT NULL, certificate TEXT NOT NULL, answer TEXT NOT NULL, token TEXT NOT NULL",
     "id, pub, previous, box, epoch, groups, host, os, version, assurance, enrolled, revoked, certificate, "
     "answer, token",
     "", "WITHOUT ROWID"},
    {"certificate", "device TEXT NOT NULL, epoch INTEGER NOT NULL, envelope TEXT NOT NULL",
     "device, epoch, envelope", "PRIMARY KEY(device, epoch)", "WITHOUT ROWID"},
    {"presence",
     "device TEXT PRIMARY KEY, heartbeat INTEGER NOT NULL, version TEXT NOT NULL, posture TEXT NOT NULL, "
     "commands INTEGER NOT "
     "NULL",
     "device, heartbeat, version, posture, commands", "", "WITHOUT ROWID"},
    {"api_token",
     "hash TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, created INTEGER NOT "
     "NULL, expires "
     "INTEGER NOT NULL, revoked INTEGER NOT NULL",
     "hash, id, name, roles, created, expires, revoked", "", "WITHOUT ROWID"},
    {"act",
     "id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, token TEXT NOT NULL, name TEXT NOT NULL, "
     "method TEXT NOT "
     "NULL, path TEXT NOT NULL, status INTEGER NOT NULL, origin TEXT NOT NULL",
     "time, token, name, method, path, status, origin", "", ""},
    {"document",
     "role TEXT NOT NULL, version INTEGER NOT NULL, stored INTEGER NOT NULL, envelope BLOB NOT NULL",
     "role, version, stored, envelope", "PRIMARY KEY(role, version)", "WITHOUT ROWID"},
    {"checkpoint", "size INTEGER PRIMARY KEY, time INTEGER NOT NULL, note TEXT NOT NULL", "size, time, note",
     "", ""},
    {"sink", "name TEXT PRIMARY KEY, position INTEGER NOT NULL", "name, position", "", "WITHOUT ROWID"},
};

constexpr std::string_view kIndexes =
    "CREATE INDEX device_token ON device(token, pub);"
    "CREATE INDEX device_revoked ON device(id) WHERE revoked <> 0;"
    "CREATE INDEX apart_device ON apart(device, id);"
    "CREATE INDEX alarm_kind ON alarm(kind, id);"
    "CREATE INDEX alarm_device ON alarm(device, id);";

std::string create(const Table& table) {
  std::string sql = "CREATE TABLE ";
  sql.append(table.name).append("(").append(table.columns);
  sql.append(", seal BLOB GENERATED ALWAYS AS (seal('").append(table.name).append("', ").append(table.values);
  sql.append(")) STORED");
  if (!table.rest.empty()) sql.append(", ").append(table.rest);
  return sql.append(") ").append(table.after).append(";");
}

std::int64_t version_of(Database& database) {
  Rows rows = database.once("PRAGMA user_version");
  return rows.next() ? rows.integer(0) : 0;
}

void create_first_version(Database& database) {
  Transaction transaction(database);
  std::string all;
  for (const Table& table : kTables) all += create(table);
  database.script(all.append(kIndexes).append("PRAGMA user_version = 1;"));
  transaction.commit();
}

}  // namespace

const std::vector<Sealed>& sealed_tables() {
  static const std::vector<Sealed> all = [] {
    std::vector<Sealed> made;
    for (const Table& table : kTables) made.push_back({table.name, table.values});
    return made;
  }();
  return all;
}

void prepare_schema(Database& database) {
  const std::int64_t version = version_of(database);
  if (version > 1) throw SqlError(SQLITE_NOTADB, "the ledger was written by a later version of this program");
  if (version == 0) create_first_version(database);
}

}  // namespace cmdai::collector::sqlite
