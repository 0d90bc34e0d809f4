#pragma once
// Reading whole small files, and writing them so that nobody ever sees half of one.
#include <sys/types.h>

#include <optional>
#include <string>

#include "libcore/base/result.hpp"

namespace cmdai::host {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void reset(int fd = -1);

 private:
  int fd_;
};

/// The whole file, at most `limit` bytes. A missing file is an error whose message ends in strerror's text.
Result<std::string> read_file(const std::string& path, size_t limit = size_t{8} << 20U);
bool exists(const std::string& path);
/// Surely not there. What may not be looked at is not missing.
bool missing(const std::string& path);

/// Writes beside the file, syncs, renames, syncs the directory. On any error the old file stays as it was.
Result<void> write_file(const std::string& path, std::string_view text, mode_t mode = 0600);

/// The same for a file others write, too: only if it is still as it was read (nullopt: not there), looked at
/// once more before the rename. False: it has changed, and nothing was done.
Result<bool> replace_file(const std::string& path, const std::optional<std::string>& before,
                          std::string_view text, mode_t mode);

/// mkdir -p with 0700 for what is made, or with another mode.
Result<void> make_directories(const std::string& path, mode_t mode = 0700);

Diagnostic file_problem(const std::string& path, std::string message, std::string hint = {});

}  // namespace cmdai::host
