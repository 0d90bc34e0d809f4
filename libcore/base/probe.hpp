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
  uint64_t device = 0;  ///< st_dev: differs across mount points
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
};

}  // namespace cmdai
