#pragma once
// A disk that forgets: what was not synced goes at a power cut, wholly or in part, and a process may be
// killed at any step of it. It outlives the devices that run on it.
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "enterprise/plugin/disk.hpp"

namespace cmdai::device {

/// Thrown in the middle of an operation: the process is no more.
struct Killed {};

class SimulatedDisk : public Disk {
 public:
  explicit SimulatedDisk(uint64_t seed) : random_(seed) {}

  Result<std::string> read(const std::string& name, size_t limit) override;
  Result<std::string> read_part(const std::string& name, uint64_t offset, size_t length) override;
  Result<std::unique_ptr<DiskFile>> open(const std::string& name) override;
  Result<std::unique_ptr<DiskFile>> create(const std::string& name) override;
  Result<void> overwrite(const std::string& name, std::string_view bytes) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& name) override;
  Result<void> sync_names() override;
  Result<std::vector<std::string>> names() override;

  /// The process dies in the n-th operation from here on; 0: not.
  void kill_in(uint64_t operations) { kill_in_ = operations; }
  void set_full(bool full) { full_ = full; }
  bool full() const { return full_; }
  /// Everything that was not synced is at the disk's mercy.
  void power_cut();
  /// What an attacker does to it.
  std::map<std::string, std::string> image() const;
  void restore(const std::map<std::string, std::string>& image);
  void put(const std::string& name, const std::string& bytes);
  void drop(const std::string& name);

  struct Inode {
    std::string now, durable;
    bool rewritten = false;  ///< `durable` is no beginning of `now`
  };
  bool step();  ///< counts an operation; false: it must die in this one
  Result<void> append_to(Inode& inode, std::string_view bytes);
  void sync_inode(Inode& inode);

 private:
  using Names = std::map<std::string, std::shared_ptr<Inode>>;
  void changed(const Names& before);
  uint64_t below(uint64_t most) { return most == 0 ? 0 : random_() % most; }

  std::mt19937_64 random_;
  Names now_, durable_;
  std::vector<Names> pending_;  ///< the directory after each change that was not synced
  uint64_t kill_in_ = 0;
  bool full_ = false;
};

}  // namespace cmdai::device
