#include "enterprise/collector/store/sqlite/database.hpp"

#include "enterprise/collector/store/sqlite/seal.hpp"

namespace cmdai::collector::sqlite {

namespace {

constexpr int kBusyMs = 5000;

[[noreturn]] void raise(sqlite3* handle) {
  throw SqlError(sqlite3_extended_errcode(handle), sqlite3_errmsg(handle));
}

}  // namespace

Failure failure_of(const SqlError& error) {
  switch (error.code() & 0xff) {
    case SQLITE_CONSTRAINT: return {Problem::conflict, error.what()};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {Problem::damaged, error.what()};
    case SQLITE_NOTFOUND: return {Problem::not_found, error.what()};
    case SQLITE_MISMATCH: return {Problem::invalid, error.what()};
    default: return {Problem::unavailable, error.what()};
  }
}

Rows::~Rows() {
  if (statement_ == nullptr) return;
  if (owned_) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  const int got = sqlite3_step(statement_);
  if (got == SQLITE_ROW) return true;
  if (got != SQLITE_DONE) raise(sqlite3_db_handle(statement_));
  return false;
}

std::string Rows::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

// The values outlive the statement's run: they are the caller's arguments of the same expression, or are
// copied here.
void Rows::bind(int at, std::string_view value) {
  if (sqlite3_bind_text64(statement_, at, value.data() == nullptr ? "" : value.data(), value.size(),
                          SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK)
    raise(sqlite3_db_handle(statement_));
}

void Rows::bind(int at, Blob value) {
  if (sqlite3_bind_blob64(statement_, at, value.bytes.data() == nullptr ? "" : value.bytes.data(),
                          value.bytes.size(), SQLITE_TRANSIENT) != SQLITE_OK)
    raise(sqlite3_db_handle(statement_));
}

void Rows::bind_integer(int at, std::int64_t value) {
  if (sqlite3_bind_int64(statement_, at, value) != SQLITE_OK) raise(sqlite3_db_handle(statement_));
}

Database::Database(const std::string& file, Open how) {
  const int flags = how == Open::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
  const int got =
      sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (got != SQLITE_OK) {
    const std::string why = handle_ == nullptr ? sqlite3_errstr(got) : sqlite3_errmsg(handle_);
    sqlite3_close_v2(handle_);
    throw SqlError(got, file + ": " + why);
  }
  sqlite3_busy_timeout(handle_, kBusyMs);
  add_seal(handle_);
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

void Database::script(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) raise(handle_);
}

Rows Database::once(const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &made, nullptr) != SQLITE_OK)
    raise(handle_);
  return Rows(made, true);
}

sqlite3_stmt* Database::prepared(std::string_view sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return known->second;
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made,
                         nullptr) != SQLITE_OK)
    raise(handle_);
  statements_.emplace(sql, made);
  return made;
}

Transaction::Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  // Some errors (a full disk) have rolled it back already.
  if (open_ && sqlite3_get_autocommit(database_.handle()) == 0)
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace cmdai::collector::sqlite
