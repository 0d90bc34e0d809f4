#pragma once
// Signed documents (root, policy, timestamp) as the bytes they are, the log's checkpoints, and small facts to
// keep.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enterprise/collector/base/clock.hpp"
#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector {

struct Document {
  std::string role;
  std::uint64_t version = 0;
  Time stored = 0;
  std::string envelope;
};

struct Checkpoint {
  std::uint64_t size = 0;
  Time time = 0;
  std::string note;
};

/// Thread-safe.
class Documents {
 public:
  virtual ~Documents() = default;
  /// conflict: this version is there already, with other bytes.
  virtual Done put(const Document& document) = 0;
  virtual Result<std::optional<Document>> latest(const std::string& role) = 0;
  virtual Result<std::optional<Document>> document(const std::string& role, std::uint64_t version) = 0;
  /// Without their envelopes, newest first.
  virtual Result<std::vector<Document>> versions(const std::string& role) = 0;

  virtual Done add_checkpoint(const Checkpoint& checkpoint) = 0;
  virtual Result<std::optional<Checkpoint>> last_checkpoint() = 0;
  /// Newest first.
  virtual Result<std::vector<Checkpoint>> checkpoints(std::size_t limit) = 0;

  /// Position a sink has got to (0 at first).
  virtual Result<std::uint64_t> cursor(const std::string& sink) = 0;
  virtual Done move_cursor(const std::string& sink, std::uint64_t position) = 0;
};

}  // namespace cmdai::collector
