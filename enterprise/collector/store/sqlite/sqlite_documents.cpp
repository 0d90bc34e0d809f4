#include "enterprise/collector/store/sqlite/sqlite_records.hpp"

namespace cmdai::collector::sqlite {

namespace {

constexpr std::string_view kLatest =
    "SELECT role, version, stored, envelope, seal IS seal('document', role, version, stored, envelope) FROM "
    "document WHERE role "
    "= ?1 ORDER BY version DESC LIMIT 1";
constexpr std::string_view kOne =
    "SELECT role, version, stored, envelope, seal IS seal('document', role, version, stored, envelope) FROM "
    "document WHERE role "
    "= ?1 AND version = ?2";

std::optional<Document> document_of(Rows& row) {
  if (!row.next()) return std::nullopt;
  Document document{row.text(0), row.number(1), row.integer(2), row.text(3)};
  if (row.integer(4) == 0)
    throw SqlError(SQLITE_CORRUPT,
                   document.role + " " + std::to_string(document.version) + " is not as it was written");
  return document;
}

Checkpoint checkpoint_of(const Rows& row) { return {row.number(0), row.integer(1), row.text(2)}; }

}  // namespace

Done SqliteDocuments::put(const Document& document) {
  return file_.write([&](Database& database) {
    {
      Rows rows = database.run(kOne, document.role, document.version);
      if (const auto there = document_of(rows)) {
        if (there->envelope == document.envelope) return;
        throw SqlError(SQLITE_CONSTRAINT, "this version is stored already, with another content");
      }
    }
    database.execute("INSERT INTO document(role, version, stored, envelope) VALUES (?1, ?2, ?3, ?4)",
                     document.role, document.version, document.stored, Blob{document.envelope});
  });
}

Result<std::optional<Document>> SqliteDocuments::latest(const std::string& role) {
  return file_.read([&](Database& database) {
    Rows rows = database.run(kLatest, role);
    return document_of(rows);
  });
}

Result<std::optional<Document>> SqliteDocuments::document(const std::string& role, std::uint64_t version) {
  return file_.read([&](Database& database) {
    Rows rows = database.run(kOne, role, version);
    return document_of(rows);
  });
}

Result<std::vector<Document>> SqliteDocuments::versions(const std::string& role) {
  return file_.read([&](Database& database) {
    std::vector<Document> all;
    Rows rows = database.run(
        "SELECT role, version, stored FROM document WHERE role = ?1 ORDER BY version DESC", role);
    while (rows.next()) all.push_back({rows.text(0), rows.number(1), rows.integer(2), {}});
    return all;
  });
}

Done SqliteDocuments::add_checkpoint(const Checkpoint& checkpoint) {
  return file_.write([&](Database& database) {
    database.execute("INSERT INTO checkpoint(size, time, note) VALUES (?1, ?2, ?3)", checkpoint.size,
                     checkpoint.time, checkpoint.note);
  });
}

Result<std::vector<Checkpoint>> SqliteDocuments::checkpoints(std::size_t limit) {
  return file_.read([&](Database& database) {
    std::vector<Checkpoint> all;
    Rows rows = database.run(
        "SELECT size, time, note, seal IS seal('checkpoint', size, time, note) FROM checkpoint ORDER BY "
        "size DESC LIMIT ?1",
        limit);
    while (rows.next()) {
      if (rows.integer(3) == 0) throw SqlError(SQLITE_CORRUPT, "a checkpoint is not as it was written");
      all.push_back(checkpoint_of(rows));
    }
    return all;
  });
}

Result<std::optional<Checkpoint>> SqliteDocuments::last_checkpoint() {
  auto all = checkpoints(1);
  if (!all) return tl::unexpected(all.error());
  if (all->empty()) return std::optional<Checkpoint>{};
  return std::optional<Checkpoint>(std::move(all->front()));
}

Result<std::uint64_t> SqliteDocuments::cursor(const std::string& sink) {
  return file_.read([&](Database& database) {
    Rows rows = database.run("SELECT position FROM sink WHERE name = ?1", sink);
    return rows.next() ? rows.number(0) : std::uint64_t{0};
  });
}

Done SqliteDocuments::move_cursor(const std::string& sink, std::uint64_t position) {
  return file_.write([&](Database& database) {
    database.execute(
        "INSERT INTO sink(name, position) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET position = ?2",
        sink, position);
  });
}

}  // namespace cmdai::collector::sqlite
