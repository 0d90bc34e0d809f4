#pragma once
// The world outside the text, as the pure engine sees it. The daemon hands in the real file system
// (daemon/host/real_probe), tests a fake one, and a caller that forbids looking hands in none.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai {

enum class FileKind : uint8_t { regular, directory, symlink, block_device, char_device, fifo, socket, other };

struct FileInfo {
  FileKind kind = FileKind::other;
  uint64_t size = 0;  ///< bytes
  uint32_t mode = 0;  ///< permission bits
  uint32_t uid = 0;
  uint32_t gid = 0;
  uint64_t device = 0;  ///< st_dev: differs across mount points
  uint64_t inode = 0;
  int64_t modified = 0;  ///< mtime, nanoseconds since 1970
  int64_t changed = 0;   ///< ctime, the same
};

/// What a directory holds, links not followed.
struct Listing {
  struct Entry {
    std::string name;
    FileInfo info;
  };
  std::vector<Entry> entries;
  bool whole = true;  ///< false: there are more
};

/// Every call is bounded in time and size by the implementation; nullopt = not there or may not look.
/// Paths are absolute. Implementations need not be thread-safe.
class Probe {
 public:
  virtual ~Probe() = default;
  virtual std::optional<FileInfo> lstat(const std::string& path) = 0;
  virtual std::optional<std::string> real_path(const std::string& path) = 0;
  virtual std::optional<std::string> read_file(const std::string& path, size_t limit) = 0;
  virtual std::optional<std::vector<std::string>> list(const std::string& directory, size_t limit) = 0;

  // Asked by what looks at a whole tree; who does not answer them leaves it unknown.

  /// Surely not there: what may not be looked at is not absent.
  virtual bool is_absent(const std::string& /*path*/) { return false; }
  virtual std::optional<Listing> scan(const std::string& /*directory*/, size_t /*limit*/) {
    return std::nullopt;
  }
  /// Where a symbolic link points, as it is written there.
  virtual std::optional<std::string> read_link(const std::string& /*path*/) { return std::nullopt; }
  /// At most `size` bytes from `offset` on: of a file too large to be read whole.
  virtual std::optional<std::string> read_part(const std::string& /*path*/, uint64_t /*offset*/,
                                               size_t /*size*/) {
    return std::nullopt;
  }
};

}  // namespace cmdai
