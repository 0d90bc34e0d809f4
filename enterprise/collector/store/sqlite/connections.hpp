#pragma once
// The connections to one file: a single writer, and readers that see what was committed before they began.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "enterprise/collector/store/sqlite/database.hpp"

namespace cmdai::collector::sqlite {

class Connections {
 public:
  /// Opens, in WAL mode. `durable`: a commit is on the disk when it returns. Throws SqlError.
  Connections(const std::string& file, bool durable);

  /// Holds the writer as long as `work` runs.
  template <class Work>
  auto write(Work&& work) {
    return attempt([&] {
      const std::scoped_lock lock(write_mutex_);
      return work(*writer_);
    });
  }

  template <class Work>
  auto read(Work&& work) {
    return attempt([&] {
      const Lease lease(*this);
      return work(lease.database());
    });
  }

  /// Moves what is committed from the WAL into the file, from a connection of its own: not in the way of
  /// commits, unless the WAL has grown beyond its bound.
  Done checkpoint();
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  class Lease {
   public:
    explicit Lease(Connections& owner);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] Database& database() const { return *database_; }

   private:
    Connections& owner_;
    std::unique_ptr<Database> database_;
  };

  std::unique_ptr<Database> take();
  void give_back(std::unique_ptr<Database> database);

  std::string file_;
  std::mutex write_mutex_;
  std::unique_ptr<Database> writer_;
  std::mutex checkpoint_mutex_;
  std::unique_ptr<Database> checkpointer_;
  std::mutex idle_mutex_;
  std::vector<std::unique_ptr<Database>> idle_;
};

}  // namespace cmdai::collector::sqlite
