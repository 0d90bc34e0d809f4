#include "enterprise/collector/store/sqlite/connections.hpp"

#include <algorithm>
#include <utility>

namespace cmdai::collector::sqlite {

namespace {

constexpr int kMostPages = 65536;     // 256 MiB of WAL: from here on commits wait for the checkpoint
constexpr int kWorthEmptying = 2048;  // 8 MiB
constexpr std::size_t kMostIdle = 4;

}  // namespace

Connections::Connections(const std::string& file, bool durable)
    : file_(file), writer_(std::make_unique<Database>(file, Open::create)) {
  writer_->script("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=ON;");
  writer_->script(durable ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=NORMAL;");
  checkpointer_ = std::make_unique<Database>(file, Open::read);
  checkpointer_->script("PRAGMA wal_autocheckpoint=0;");
}

Done Connections::checkpoint() {
  return attempt([this] {
    const std::scoped_lock lock(checkpoint_mutex_);
    int in_wal = 0;
    int moved = 0;
    int got = sqlite3_wal_checkpoint_v2(checkpointer_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal,
                                        &moved);
    // All of it has been moved: emptying it is a moment. Otherwise it waits until commits have to.
    if (got == SQLITE_OK && (in_wal > kMostPages || (moved == in_wal && in_wal > kWorthEmptying)))
      got = sqlite3_wal_checkpoint_v2(checkpointer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                      nullptr);
    if (got != SQLITE_OK && (got & 0xff) != SQLITE_BUSY) throw SqlError(got, sqlite3_errstr(got));
  });
}

std::unique_ptr<Database> Connections::take() {
  {
    const std::scoped_lock lock(idle_mutex_);
    if (!idle_.empty()) {
      auto taken = std::move(idle_.back());
      idle_.pop_back();
      return taken;
    }
  }
  auto made = std::make_unique<Database>(file_, Open::read);
  made->script("PRAGMA wal_autocheckpoint=0; PRAGMA query_only=ON;");
  return made;
}

void Connections::give_back(std::unique_ptr<Database> database) {
  const std::scoped_lock lock(idle_mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(database));
}

Connections::Lease::Lease(Connections& owner) : owner_(owner), database_(owner.take()) {}
Connections::Lease::~Lease() { owner_.give_back(std::move(database_)); }

}  // namespace cmdai::collector::sqlite
