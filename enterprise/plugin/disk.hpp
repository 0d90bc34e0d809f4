#pragma once
// The plugin's own directory, as far as it needs one: what is written is on the disk only after a sync, a
// new, renamed or removed name only after sync_names(). The tests have a disk that forgets the rest.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/plugin/problem.hpp"

namespace cmdai::device {

/// An open file that is only ever appended to.
class DiskFile {
 public:
  DiskFile() = default;
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;
  virtual ~DiskFile() = default;
  /// All of it, or an error; after an error a part may be there.
  virtual Result<void> append(std::string_view bytes) = 0;
  /// fdatasync. May be called while another thread appends.
  virtual Result<void> sync() = 0;
};

class Disk {
 public:
  Disk() = default;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  virtual ~Disk() = default;

  /// At most `limit` bytes; a longer file is damaged.
  virtual Result<std::string> read(const std::string& name, size_t limit = size_t{64} << 20U) = 0;
  /// `length` bytes at `offset`, fewer at the end of the file.
  virtual Result<std::string> read_part(const std::string& name, uint64_t offset, size_t length) = 0;
  /// For appending; made (0600) where it is missing.
  virtual Result<std::unique_ptr<DiskFile>> open(const std::string& name) = 0;
  /// Made anew, empty, 0600.
  virtual Result<std::unique_ptr<DiskFile>> create(const std::string& name) = 0;
  /// In place, from the first byte on, and synced: so that a secret does not stay where it was.
  virtual Result<void> overwrite(const std::string& name, std::string_view bytes) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  /// A missing file is no error.
  virtual Result<void> remove(const std::string& name) = 0;
  virtual Result<void> sync_names() = 0;
  virtual Result<std::vector<std::string>> names() = 0;

  /// Beside it, synced, renamed, the directory synced: the old file or the new one, never a part.
  Result<void> replace(const std::string& name, std::string_view bytes);
};

/// A directory, made 0700 when it is missing; one that others may write to is refused.
Result<std::unique_ptr<Disk>> open_disk(const std::string& directory);

}  // namespace cmdai::device
