#pragma once
// SQLite, held by objects. Errors are exceptions here, and here alone: a statement can fail at each of its
// steps, and one `attempt` at the border of the room turns whatever failed into a value.
#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector::sqlite {

class SqlError : public std::runtime_error {
 public:
  SqlError(int code, const std::string& text) : std::runtime_error(text), code_(code) {}
  [[nodiscard]] int code() const { return code_; }

 private:
  int code_;
};

Failure failure_of(const SqlError& error);

/// Runs `work`; what it throws becomes a Failure.
template <class Work>
auto attempt(Work&& work) -> Result<std::invoke_result_t<Work>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const SqlError& error) {
    return tl::unexpected<Failure>(failure_of(error));
  }
}

/// Bytes, where a std::string_view would be stored as text.
struct Blob {
  std::string_view bytes;
};

/// A statement that runs; reset when this goes, so that it holds no lock.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement, bool owned = false) : statement_(statement), owned_(owned) {}
  ~Rows();
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)), owned_(other.owned_) {}
  Rows& operator=(Rows&&) = delete;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  /// The next row; false after the last.
  bool next();
  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  /// Text or blob.
  [[nodiscard]] std::string text(int column) const;

  void bind(int at, std::string_view value);
  void bind(int at, Blob value);
  template <std::integral T>
  void bind(int at, T value) {
    bind_integer(at, static_cast<std::int64_t>(value));
  }

 private:
  void bind_integer(int at, std::int64_t value);

  sqlite3_stmt* statement_;
  bool owned_;
};

enum class Open { create, read };

/// One connection, used by one thread at a time. Statements are prepared once.
class Database {
 public:
  Database(const std::string& file, Open how);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs a script without parameters.
  void script(const std::string& sql);

  template <class... Values>
  Rows run(std::string_view sql, const Values&... values) {
    Rows rows(prepared(sql));
    int at = 0;
    (rows.bind(++at, values), ...);
    return rows;
  }

  template <class... Values>
  void execute(std::string_view sql, const Values&... values) {
    Rows rows = run(sql, values...);
    while (rows.next()) continue;
  }

  /// A statement that is not kept: for texts that are put together.
  Rows once(const std::string& sql);

  [[nodiscard]] std::int64_t changes() const { return sqlite3_changes64(handle_); }
  [[nodiscard]] std::int64_t last_id() const { return sqlite3_last_insert_rowid(handle_); }
  sqlite3* handle() { return handle_; }

 private:
  sqlite3_stmt* prepared(std::string_view sql);

  sqlite3* handle_ = nullptr;
  std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

/// Rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace cmdai::collector::sqlite
