#include "enterprise/collector/store/sqlite/sqlite_ledger.hpp"

#include "enterprise/protocol/compression.hpp"

namespace cmdai::collector::sqlite {

namespace {

constexpr std::size_t kLargestBatch = std::size_t{4} << 20U;
constexpr std::size_t kMostApart = 200;  // per device: evidence, not a way to fill the disk

#define BATCH_COLUMNS \
  "position, device, chain, first, count, last, fresh, head, boot, received, trusted, grp, bytes"

/// What the row says, with the seal held against it.
constexpr std::string_view kBatchAfter = "SELECT " BATCH_COLUMNS ", seal IS seal('batch', " BATCH_COLUMNS
                                         ") FROM batch WHERE position > ?1 ORDER BY position LIMIT ?2";
constexpr std::string_view kBatchAt =
    "SELECT " BATCH_COLUMNS ", seal IS seal('batch', " BATCH_COLUMNS ") FROM batch WHERE position = ?1";
constexpr std::string_view kBatchCovering =
    "SELECT " BATCH_COLUMNS ", seal IS seal('batch', " BATCH_COLUMNS
    ") FROM batch WHERE device = ?1 AND chain = ?2 AND fresh <= ?4 AND fresh >= (SELECT coalesce(max(fresh), "
    "0) FROM batch "
    "WHERE device = ?1 AND chain = ?2 AND fresh <= ?3) AND last >= ?3 ORDER BY fresh LIMIT ?5";

std::string unpack(std::string_view packed, const std::string& name) {
  thread_local wire::Unpacker unpacker;
  auto bytes = unpacker.unpack(packed, kLargestBatch);
  if (!bytes) throw SqlError(SQLITE_CORRUPT, name + " is not as it was written");
  return std::move(*bytes);
}

[[noreturn]] void damaged(const std::string& what) {
  throw SqlError(SQLITE_CORRUPT, what + " is not as it was written");
}

LedgerBatch batch_of(const Rows& row) {
  LedgerBatch batch;
  batch.position = row.number(0);
  const std::string name = "batch " + std::to_string(batch.position);
  if (row.integer(13) == 0) damaged(name);
  batch.device = row.text(1);
  batch.chain = row.text(2);
  batch.first = row.number(3);
  batch.count = row.number(4);
  batch.last = row.number(5);
  batch.fresh = row.number(6);
  batch.head = row.text(7);
  batch.boot = row.text(8);
  batch.received = row.integer(9);
  batch.trusted = row.integer(10) != 0;
  batch.group = row.text(11);
  batch.bytes = unpack(row.text(12), name);
  return batch;
}

void put_batch(Database& database, const LedgerBatch& batch) {
  const std::string packed = batch.packed.empty() ? wire::pack(batch.bytes) : batch.packed;
  database.execute(
      "INSERT INTO batch(" BATCH_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
      batch.position, batch.device, batch.chain, batch.first, batch.count, batch.last, batch.fresh,
      batch.head, batch.boot, batch.received, batch.trusted, batch.group, Blob{packed});
}

void put_apart(Database& database, const ApartBatch& apart) {
  database.execute(
      "INSERT INTO apart(device, chain, first, received, reason, bytes) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE "
      "(SELECT count(*) FROM apart WHERE device = ?1) < ?7",
      apart.device, apart.chain, apart.first, apart.received, apart.reason, Blob{wire::pack(apart.bytes)},
      kMostApart);
}

void put_node(Database& database, const TreeNode& node) {
  database.execute("INSERT INTO node(level, idx, hash) VALUES (?1, ?2, ?3)", node.level, node.index,
                   Blob{node.hash});
}

#define CHAIN_COLUMNS "device, chain, next, head, ratchet, boot, updated, off, gaps"

ChainState chain_of(const Rows& row) {
  ChainState chain;
  chain.device = row.text(0);
  chain.chain = row.text(1);
  if (row.integer(9) == 0) damaged("chain " + chain.chain);
  chain.next = row.number(2);
  chain.head = row.text(3);
  chain.ratchet = row.text(4);
  chain.boot = row.text(5);
  chain.updated = row.integer(6);
  chain.offset = row.integer(7);
  chain.gaps = row.number(8);
  return chain;
}

}  // namespace

void put_chain(Database& database, const ChainState& chain) {
  database.execute("INSERT OR REPLACE INTO chain(" CHAIN_COLUMNS
                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   chain.device, chain.chain, chain.next, chain.head, Blob{chain.ratchet}, chain.boot,
                   chain.updated, chain.offset, chain.gaps);
}

void put_alarm(Database& database, const Alarm& alarm) {
  database.execute(
      "INSERT INTO alarm(time, kind, severity, device, text, open) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      alarm.time, alarm.kind, alarm.severity, alarm.device, alarm.text, alarm.open);
}

Done SqliteLedger::commit(std::span<const LedgerWrite> writes) {
  return file_.write([&](Database& database) {
    Transaction transaction(database);
    for (const LedgerWrite& write : writes) {
      if (write.batch) put_batch(database, *write.batch);
      if (write.chain) put_chain(database, *write.chain);
      if (write.apart) put_apart(database, *write.apart);
      for (const TreeNode& node : write.nodes) put_node(database, node);
      for (const Alarm& alarm : write.alarms) put_alarm(database, alarm);
    }
    transaction.commit();
  });
}

Result<std::uint64_t> SqliteLedger::last_position() {
  return file_.read([](Database& database) {
    Rows rows = database.run("SELECT coalesce(max(position), 0) FROM batch");
    rows.next();
    return rows.number(0);
  });
}

Result<std::vector<LedgerBatch>> SqliteLedger::read(std::uint64_t after, std::size_t limit,
                                                    std::size_t max_bytes) {
  return file_.read([&](Database& database) {
    std::vector<LedgerBatch> all;
    std::size_t bytes = 0;
    Rows rows = database.run(kBatchAfter, after, limit);
    while (bytes < max_bytes && rows.next()) {
      all.push_back(batch_of(rows));
      bytes += all.back().bytes.size();
    }
    return all;
  });
}

Result<std::optional<LedgerBatch>> SqliteLedger::at(std::uint64_t position) {
  return file_.read([&](Database& database) -> std::optional<LedgerBatch> {
    Rows rows = database.run(kBatchAt, position);
    if (!rows.next()) return std::nullopt;
    return batch_of(rows);
  });
}

Result<std::vector<LedgerBatch>> SqliteLedger::covering(const std::string& device, const std::string& chain,
                                                        std::uint64_t first, std::uint64_t last,
                                                        std::size_t limit) {
  return file_.read([&](Database& database) {
    std::vector<LedgerBatch> all;
    Rows rows = database.run(kBatchCovering, device, chain, first, last, limit);
    while (rows.next()) all.push_back(batch_of(rows));
    return all;
  });
}

Result<std::optional<ChainState>> SqliteLedger::chain(const std::string& device, const std::string& chain) {
  return file_.read([&](Database& database) -> std::optional<ChainState> {
    Rows rows = database.run("SELECT " CHAIN_COLUMNS ", seal IS seal('chain', " CHAIN_COLUMNS
                             ") FROM chain WHERE device = ?1 AND chain = ?2",
                             device, chain);
    if (!rows.next()) return std::nullopt;
    return chain_of(rows);
  });
}

Result<std::vector<ChainState>> SqliteLedger::chains(const std::string& device) {
  return file_.read([&](Database& database) {
    std::vector<ChainState> all;
    Rows rows = database.run("SELECT " CHAIN_COLUMNS ", seal IS seal('chain', " CHAIN_COLUMNS
                             ") FROM chain WHERE device = ?1 OR ?1 = '' ORDER BY device, chain",
                             device);
    while (rows.next()) all.push_back(chain_of(rows));
    return all;
  });
}

Result<std::vector<ApartBatch>> SqliteLedger::apart(const std::string& device, std::size_t limit) {
  return file_.read([&](Database& database) {
    std::vector<ApartBatch> all;
    Rows rows = database.run(
        "SELECT device, chain, first, received, reason, bytes FROM apart WHERE device = ?1 ORDER BY id DESC "
        "LIMIT ?2",
        device, limit);
    while (rows.next()) {
      all.push_back({rows.text(0), rows.text(1), rows.number(2), rows.integer(3), rows.text(4),
                     unpack(rows.text(5), "a batch kept apart")});
    }
    return all;
  });
}

Result<std::optional<std::string>> SqliteLedger::node(std::uint32_t level, std::uint64_t index) {
  return file_.read([&](Database& database) -> std::optional<std::string> {
    Rows rows = database.run(
        "SELECT hash, seal IS seal('node', level, idx, hash) FROM node WHERE level = ?1 AND idx = ?2", level,
        index);
    if (!rows.next()) return std::nullopt;
    if (rows.integer(1) == 0) damaged("a node of the tree");
    return rows.text(0);
  });
}

#undef BATCH_COLUMNS
#undef CHAIN_COLUMNS

}  // namespace cmdai::collector::sqlite
