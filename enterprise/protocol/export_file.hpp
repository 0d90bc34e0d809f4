#pragma once
// An export: a magic line, then records `TYPE LENGTH\nBYTES\n`, written and read as a stream of any length.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/protocol/hashing.hpp"
#include "enterprise/protocol/refusal.hpp"

namespace cmdai::wire {

inline constexpr std::string_view kExportMagic = "cmdai-export-v1\n";
inline constexpr size_t kMaxExportRecord = size_t{4} << 20;

/// Takes bytes in order; false: could not be written, nothing more is sent.
using ByteSink = std::function<bool(std::string_view)>;
/// Fills up to `size` bytes; 0 at the end.
using ByteSource = std::function<size_t(char* out, size_t size)>;

class ExportWriter {
 public:
  explicit ExportWriter(ByteSink sink);
  /// `type` one of: root, certificate, batch, receipt-key, checkpoint, leaf-range. Roots come first, a
  /// device's certificates before its batches, a checkpoint before the ranges of its size.
  bool record(std::string_view type, std::string_view bytes);
  /// The `end` record with counts and H of all before it. Nothing is written after it.
  bool finish();

 private:
  bool put(std::string_view bytes);
  ByteSink sink_;
  Hasher hasher_;
  std::map<std::string, uint64_t, std::less<>> counts_;
  bool good_ = true;
};

struct ExportRecord {
  std::string type;
  std::string bytes;
  uint64_t number = 0;  ///< 1 for the first
};

/// Checks form, lengths and the `end` record (counts and hash) while it reads.
class ExportReader {
 public:
  explicit ExportReader(ByteSource source);
  /// nullopt after a good `end` and nothing behind it. The `end` record itself is not handed out.
  Result<std::optional<ExportRecord>> next();

 private:
  Result<std::string> line();
  Result<std::string> exactly(size_t size);
  Result<std::optional<ExportRecord>> check_end(std::string_view bytes, const Digest& before);
  bool fill();

  ByteSource source_;
  std::string buffer_;
  size_t used_ = 0;  ///< of the buffer
  Hasher hasher_;
  std::map<std::string, uint64_t, std::less<>> counts_;
  uint64_t number_ = 0;
  bool begun_ = false;
};

/// `leaf-range`: the batches of the records right before it, to - from of them, are the leaves from .. to - 1
/// of a tree of `size` leaves, which a checkpoint before it is about.
struct LeafRange {
  uint64_t from = 0, to = 0, size = 0;
  std::vector<TreeHash> proof;
};
std::string write(const LeafRange& range);
Result<LeafRange> read_leaf_range(std::string_view bytes);

}  // namespace cmdai::wire
