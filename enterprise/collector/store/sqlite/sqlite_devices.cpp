#include "enterprise/collector/store/sqlite/sqlite_devices.hpp"

#include "enterprise/collector/store/sqlite/lists.hpp"
#include "enterprise/collector/store/sqlite/sqlite_ledger.hpp"

namespace cmdai::collector::sqlite {

namespace {

#define TOKEN_COLUMNS "hash, id, grp, uses, used, created, expires, revoked, created_by"
#define DEVICE_COLUMNS                                                                                    \
  "id, pub, previous, box, epoch, groups, host, os, version, assurance, enrolled, revoked, certificate, " \
  "answer, token"
#define DEVICE_SELECT                                                                                        \
  "SELECT d.id, d.pub, d.previous, d.box, d.epoch, d.groups, d.host, d.os, coalesce(nullif(p.version, ''), " \
  "d.version), d.assurance, "                                                                                \
  "d.enrolled, d.revoked, d.certificate, d.answer, d.token, coalesce(p.heartbeat, 0), coalesce(p.posture, "  \
  "''), "                                                                                                    \
  "coalesce(p.commands, 0), coalesce((SELECT max(updated) FROM chain c WHERE c.device = d.id), 0), d.seal "  \
  "IS "                                                                                                      \
  "seal('device', d.id, d.pub, d.previous, d.box, d.epoch, d.groups, d.host, d.os, d.version, d.assurance, " \
  "d.enrolled, "                                                                                             \
  "d.revoked, d.certificate, d.answer, d.token) FROM device d LEFT JOIN presence p ON p.device = d.id "

EnrollmentToken enrollment_token_of(const Rows& row) {
  EnrollmentToken token;
  token.hash = row.text(0);
  token.id = row.text(1);
  if (row.integer(9) == 0) throw SqlError(SQLITE_CORRUPT, "token " + token.id + " is not as it was written");
  token.group = row.text(2);
  token.uses = row.number(3);
  token.used = row.number(4);
  token.created = row.integer(5);
  token.expires = row.integer(6);
  token.revoked = row.integer(7);
  token.created_by = row.text(8);
  return token;
}

Device device_of(const Rows& row) {
  Device device;
  device.id = row.text(0);
  if (row.integer(19) == 0)
    throw SqlError(SQLITE_CORRUPT, "device " + device.id + " is not as it was written");
  device.pub = row.text(1);
  device.previous_pub = row.text(2);
  device.box = row.text(3);
  device.epoch = row.number(4);
  device.groups = split(row.text(5));
  device.host = row.text(6);
  device.os = row.text(7);
  device.version = row.text(8);
  device.assurance = row.text(9);
  device.enrolled = row.integer(10);
  device.revoked = row.integer(11);
  device.certificate = row.text(12);
  device.answer = row.text(13);
  device.token = row.text(14);
  device.heartbeat = row.integer(15);
  device.posture = row.text(16);
  device.commands = row.number(17);
  device.seen = std::max(device.heartbeat, row.integer(18));
  return device;
}

void put_device(Database& database, const Device& device) {
  database.execute("INSERT OR REPLACE INTO device(" DEVICE_COLUMNS
                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                   device.id, device.pub, device.previous_pub, device.box, device.epoch,
                   joined(device.groups), device.host, device.os, device.version, device.assurance,
                   device.enrolled, device.revoked, device.certificate, device.answer, device.token);
}

void put_certificate(Database& database, const Device& device) {
  database.execute("INSERT INTO certificate(device, epoch, envelope) VALUES (?1, ?2, ?3)", device.id,
                   device.epoch, device.certificate);
}

std::optional<EnrollmentToken> find_token(Database& database, const std::string& hash) {
  Rows rows = database.run(
      "SELECT " TOKEN_COLUMNS ", seal IS seal('token', " TOKEN_COLUMNS ") FROM token WHERE hash = ?1", hash);
  if (!rows.next()) return std::nullopt;
  return enrollment_token_of(rows);
}

std::optional<Device> find_again(Database& database, const std::string& token, const std::string& pub) {
  Rows rows = database.run(DEVICE_SELECT "WHERE d.token = ?1 AND d.pub = ?2", token, pub);
  if (!rows.next()) return std::nullopt;
  return device_of(rows);
}

}  // namespace

Done SqliteDevices::add_token(const EnrollmentToken& token) {
  return file_.write([&](Database& database) {
    database.execute("INSERT INTO token(" TOKEN_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                     token.hash, token.id, token.group, token.uses, token.used, token.created, token.expires,
                     token.revoked, token.created_by);
  });
}

Result<std::vector<EnrollmentToken>> SqliteDevices::tokens() {
  return file_.read([](Database& database) {
    std::vector<EnrollmentToken> all;
    Rows rows = database.run("SELECT " TOKEN_COLUMNS ", seal IS seal('token', " TOKEN_COLUMNS
                             ") FROM token ORDER BY created DESC, hash");
    while (rows.next()) all.push_back(enrollment_token_of(rows));
    return all;
  });
}

Result<std::optional<EnrollmentToken>> SqliteDevices::token(const std::string& hash) {
  return file_.read([&](Database& database) { return find_token(database, hash); });
}

Done SqliteDevices::revoke_token(const std::string& id, Time now) {
  return file_.write([&](Database& database) {
    database.execute("UPDATE token SET revoked = ?2 WHERE id = ?1 AND revoked = 0", id, now);
    if (database.changes() == 0) throw SqlError(SQLITE_NOTFOUND, "no token in force has this id");
  });
}

Result<Enrolled> SqliteDevices::enroll(const std::string& token_hash, const Device& device,
                                       const std::string& chain, const std::string& ratchet, Time now) {
  return file_.write([&](Database& database) -> Enrolled {
    Transaction transaction(database);
    const auto token = find_token(database, token_hash);
    if (!token) return {};
    // Who has enrolled may ask again, also when the token has run out meanwhile: the answer was lost.
    if (const auto again = find_again(database, token_hash, device.pub)) return {Enrollment::again, *again};
    if (token->revoked != 0 || token->expires <= now) return {};
    if (token->used >= token->uses) return {Enrollment::used_up, {}};
    database.execute("UPDATE token SET used = used + 1 WHERE hash = ?1", token_hash);
    Device stored = device;
    stored.token = token_hash;
    put_device(database, stored);
    put_certificate(database, device);
    ChainState state;
    state.device = device.id;
    state.chain = chain;
    state.head = std::string(64, '0');
    state.ratchet = ratchet;
    put_chain(database, state);
    transaction.commit();
    return {Enrollment::enrolled, stored};
  });
}

Done SqliteDevices::rekey(const Device& device) {
  return file_.write([&](Database& database) {
    Transaction transaction(database);
    database.execute(
        "UPDATE device SET pub = ?2, previous = ?3, epoch = ?4, certificate = ?5 WHERE id = ?1 AND epoch = "
        "?4 - 1",
        device.id, device.pub, device.previous_pub, device.epoch, device.certificate);
    if (database.changes() == 0) throw SqlError(SQLITE_CONSTRAINT, "the epoch is not the next one");
    put_certificate(database, device);
    transaction.commit();
  });
}

Done SqliteDevices::retire_previous(const std::string& id) {
  return file_.write([&](Database& database) {
    database.execute(
        "UPDATE device SET previous = '!' || previous WHERE id = ?1 AND previous <> '' AND previous NOT LIKE "
        "'!%'",
        id);
  });
}

Result<std::optional<Device>> SqliteDevices::device(const std::string& id) {
  return file_.read([&](Database& database) -> std::optional<Device> {
    Rows rows = database.run(DEVICE_SELECT "WHERE d.id = ?1", id);
    if (!rows.next()) return std::nullopt;
    return device_of(rows);
  });
}

Result<std::vector<std::string>> SqliteDevices::certificates(const std::string& id) {
  return file_.read([&](Database& database) {
    std::vector<std::string> all;
    Rows rows = database.run("SELECT envelope FROM certificate WHERE device = ?1 ORDER BY epoch", id);
    while (rows.next()) all.push_back(rows.text(0));
    return all;
  });
}

Result<std::vector<Device>> SqliteDevices::devices(const std::string& after, std::size_t limit) {
  return file_.read([&](Database& database) {
    std::vector<Device> all;
    Rows rows = database.run(DEVICE_SELECT "WHERE d.id > ?1 ORDER BY d.id LIMIT ?2", after, limit);
    while (rows.next()) all.push_back(device_of(rows));
    return all;
  });
}

Done SqliteDevices::revoke(const std::string& id, Time now) {
  return file_.write([&](Database& database) {
    database.execute("UPDATE device SET revoked = ?2 WHERE id = ?1 AND revoked = 0", id, now);
    if (database.changes() == 0) throw SqlError(SQLITE_NOTFOUND, "no device in good standing has this id");
  });
}

Result<std::vector<std::string>> SqliteDevices::revoked() {
  return file_.read([](Database& database) {
    std::vector<std::string> all;
    Rows rows = database.run("SELECT id FROM device WHERE revoked <> 0 ORDER BY id");
    while (rows.next()) all.push_back(rows.text(0));
    return all;
  });
}

Done SqliteDevices::heartbeats(std::span<const Presence> heard) {
  return file_.write([&](Database& database) {
    Transaction transaction(database);
    for (const Presence& presence : heard)
      database.execute(
          "INSERT INTO presence(device, heartbeat, version, posture, commands) VALUES (?1, ?2, ?3, ?4, 0) ON "
          "CONFLICT(device) "
          "DO UPDATE SET heartbeat = ?2, version = ?3, posture = ?4",
          presence.device, presence.time, presence.version, presence.posture);
    transaction.commit();
  });
}

Result<std::uint64_t> SqliteDevices::next_command(const std::string& id) {
  return file_.write([&](Database& database) {
    Transaction transaction(database);
    database.execute(
        "INSERT INTO presence(device, heartbeat, version, posture, commands) VALUES (?1, 0, '', '', 1) ON "
        "CONFLICT(device) DO "
        "UPDATE SET commands = commands + 1",
        id);
    std::uint64_t counter = 0;
    {
      Rows rows = database.run("SELECT commands FROM presence WHERE device = ?1", id);
      rows.next();
      counter = rows.number(0);
    }
    transaction.commit();
    return counter;
  });
}

#undef TOKEN_COLUMNS
#undef DEVICE_COLUMNS
#undef DEVICE_SELECT

}  // namespace cmdai::collector::sqlite
