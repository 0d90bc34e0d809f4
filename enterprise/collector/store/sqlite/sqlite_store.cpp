// The store in one folder: ledger.db, index/ and a lock that one process holds.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "enterprise/collector/store/sqlite/schema.hpp"
#include "enterprise/collector/store/sqlite/sqlite_devices.hpp"
#include "enterprise/collector/store/sqlite/sqlite_index.hpp"
#include "enterprise/collector/store/sqlite/sqlite_ledger.hpp"
#include "enterprise/collector/store/sqlite/sqlite_records.hpp"
#include "enterprise/collector/store/store.hpp"

namespace cmdai::collector {

namespace fs = std::filesystem;

namespace sqlite {
namespace {

class FolderLock {
 public:
  explicit FolderLock(const std::string& folder)
      : fd_(::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ < 0) throw SqlError(SQLITE_CANTOPEN, folder + ": " + std::strerror(errno));
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      ::close(fd_);
      throw SqlError(SQLITE_BUSY, folder + " is in use by another process");
    }
  }
  ~FolderLock() { ::close(fd_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

std::string made_folder(const std::string& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) throw SqlError(SQLITE_CANTOPEN, folder + ": " + problem.message());
  ::chmod(folder.c_str(), 0700);
  return folder;
}

class SqliteStore final : public Store {
 public:
  SqliteStore(const std::string& folder, bool alone)
      : lock_(alone ? std::make_unique<FolderLock>(made_folder(folder)) : nullptr),
        file_(folder + "/ledger.db", true),
        index_(made_folder(folder + "/index")) {
    const auto prepared = file_.write([](Database& database) { prepare_schema(database); });
    if (!prepared) throw SqlError(SQLITE_CANTOPEN, prepared.error().text);
    ::chmod((folder + "/ledger.db").c_str(), 0600);
  }

  Ledger& ledger() override { return ledger_; }
  Alarms& alarms() override { return alarms_; }
  Devices& devices() override { return devices_; }
  Access& access() override { return access_; }
  Documents& documents() override { return documents_; }
  Index& index() override { return index_; }

  Done maintain() override {
    if (auto done = file_.checkpoint(); !done) return done;
    return index_.checkpoint();
  }
  Result<std::vector<std::string>> inspect() override;
  Done backup(const std::string& file) override;
  std::uint64_t bytes() override {
    std::error_code ignored;
    std::uint64_t sum = index_.bytes();
    for (const char* tail : {"", "-wal"}) {
      const auto size = fs::file_size(file_.file() + tail, ignored);
      if (!ignored) sum += size;
    }
    return sum;
  }

 private:
  std::unique_ptr<FolderLock> lock_;
  Connections file_;
  SqliteLedger ledger_{file_};
  SqliteAlarms alarms_{file_};
  SqliteDevices devices_{file_};
  SqliteAccess access_{file_};
  SqliteDocuments documents_{file_};
  SqliteIndex index_;
};

void inspect_pages(Database& database, std::vector<std::string>& found) {
  Rows rows = database.once("PRAGMA integrity_check");
  while (rows.next())
    if (rows.text(0) != "ok") found.push_back("ledger: " + rows.text(0));
}

void inspect_seals(Database& database, std::vector<std::string>& found) {
  for (const Sealed& sealed : sealed_tables()) {
    const std::string table(sealed.table);
    Rows rows = database.once("SELECT count(*) FROM " + table + " WHERE seal IS NOT seal('" + table + "', " +
                              std::string(sealed.values) + ")");
    if (rows.next() && rows.integer(0) != 0)
      found.push_back(table + ": " + std::to_string(rows.integer(0)) + " rows are not as they were written");
  }
}

/// One part's damage must not hide another's.
template <class Part>
void inspect_part(Part part, Database& database, std::vector<std::string>& found) {
  try {
    part(database, found);
  } catch (const SqlError& error) {
    found.emplace_back(std::string("ledger: ") + error.what());
  }
}

Result<std::vector<std::string>> SqliteStore::inspect() {
  return file_.read([](Database& database) {
    std::vector<std::string> found;
    inspect_part(inspect_pages, database, found);
    inspect_part(inspect_seals, database, found);
    return found;
  });
}

Done SqliteStore::backup(const std::string& file) {
  if (fs::exists(file)) return failed(Problem::conflict, file + " is there already");
  const ::mode_t before = ::umask(0077);
  auto done = attempt([&] {
    Database from(file_.file(), Open::read);
    from.execute("VACUUM INTO ?1", file);
  });
  ::umask(before);
  return done;
}

}  // namespace
}  // namespace sqlite

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& folder) {
  return sqlite::attempt(
      [&]() -> std::unique_ptr<Store> { return std::make_unique<sqlite::SqliteStore>(folder, true); });
}

Result<std::unique_ptr<Store>> open_sqlite_store_to_read(const std::string& folder) {
  if (!fs::exists(folder + "/ledger.db"))
    return failed(Problem::not_found, folder + ": there is no ledger here");
  return sqlite::attempt(
      [&]() -> std::unique_ptr<Store> { return std::make_unique<sqlite::SqliteStore>(folder, false); });
}

}  // namespace cmdai::collector
