#include "enterprise/collector/store/sqlite/lists.hpp"
#include "enterprise/collector/store/sqlite/sqlite_records.hpp"

namespace cmdai::collector::sqlite {

namespace {

#define API_COLUMNS "hash, id, name, roles, created, expires, revoked"

ApiToken api_token_of(const Rows& row) {
  ApiToken token;
  token.hash = row.text(0);
  token.id = row.text(1);
  if (row.integer(7) == 0)
    throw SqlError(SQLITE_CORRUPT, "API token " + token.id + " is not as it was written");
  token.name = row.text(2);
  token.roles = split(row.text(3));
  token.created = row.integer(4);
  token.expires = row.integer(5);
  token.revoked = row.integer(6);
  return token;
}

}  // namespace

Done SqliteAccess::add_api_token(const ApiToken& token) {
  return file_.write([&](Database& database) {
    database.execute("INSERT INTO api_token(" API_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", token.hash,
                     token.id, token.name, joined(token.roles), token.created, token.expires, token.revoked);
  });
}

Result<std::optional<ApiToken>> SqliteAccess::api_token(const std::string& hash) {
  return file_.read([&](Database& database) -> std::optional<ApiToken> {
    Rows rows = database.run("SELECT " API_COLUMNS ", seal IS seal('api_token', " API_COLUMNS
                             ") FROM api_token WHERE hash = ?1",
                             hash);
    if (!rows.next()) return std::nullopt;
    return api_token_of(rows);
  });
}

Result<std::vector<ApiToken>> SqliteAccess::api_tokens() {
  return file_.read([](Database& database) {
    std::vector<ApiToken> all;
    Rows rows = database.run("SELECT " API_COLUMNS ", seal IS seal('api_token', " API_COLUMNS
                             ") FROM api_token ORDER BY created DESC, hash");
    while (rows.next()) all.push_back(api_token_of(rows));
    return all;
  });
}

Done SqliteAccess::revoke_api_token(const std::string& id, Time now) {
  return file_.write([&](Database& database) {
    database.execute("UPDATE api_token SET revoked = ?2 WHERE id = ?1 AND revoked = 0", id, now);
    if (database.changes() == 0) throw SqlError(SQLITE_NOTFOUND, "no API token in force has this id");
  });
}

Done SqliteAccess::record(const AdminAct& act) {
  return file_.write([&](Database& database) {
    database.execute(
        "INSERT INTO act(time, token, name, method, path, status, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
        "?7)",
        act.time, act.token, act.name, act.method, act.path, act.status, act.from);
  });
}

Result<std::vector<AdminAct>> SqliteAccess::acts(std::uint64_t before, std::size_t limit) {
  return file_.read([&](Database& database) {
    std::vector<AdminAct> all;
    Rows rows = database.run(
        "SELECT id, time, token, name, method, path, status, origin FROM act WHERE ?1 = 0 OR id < ?1 ORDER "
        "BY id DESC LIMIT ?2",
        before, limit);
    while (rows.next())
      all.push_back({rows.number(0), rows.integer(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
                     static_cast<int>(rows.integer(6)), rows.text(7)});
    return all;
  });
}

#undef API_COLUMNS

}  // namespace cmdai::collector::sqlite
