#pragma once
// Frames of docs/protocol.md: `cmdai/1 TYPE LENGTH\n` and a body of NUL-separated key=value. Bytes in, frames
// out.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cmdai::ipc {

constexpr size_t kMaxBody = 262144;      ///< bytes
constexpr size_t kLongestSession = 256;  ///< bytes of a session's name; lines of a longer one stand alone

struct Frame {
  std::string type;
  std::vector<std::pair<std::string, std::string>> fields;  ///< in order; of a repeated key the first counts

  Frame() = default;
  explicit Frame(std::string frame_type) : type(std::move(frame_type)) {}
  /// Adds a field; NUL bytes in the value are dropped, they cannot be said. Empty values are said, too.
  Frame& add(std::string key, std::string_view value);
  /// Adds it only when there is something to say.
  Frame& add_if(std::string key, std::string_view value) {
    return value.empty() ? *this : add(std::move(key), value);
  }
  /// The value of the first field of that name, or null.
  const std::string* find(std::string_view key) const;
  std::string get(std::string_view key, std::string_view otherwise = {}) const;
};

/// The bytes of a frame. A body beyond kMaxBody is encoded all the same; the other end refuses it.
std::string encode(const Frame& frame);
/// Whether encode() would give a frame the other end takes.
bool fits(const Frame& frame);

enum class FrameError : uint8_t { bad_frame, too_large };
std::string_view to_string(FrameError error);  // as in the `error` frame: bad-frame, too-large

/// Puts frames together from pieces of any size. After an error it stays in error: the connection is to be
/// closed.
class FrameReader {
 public:
  /// `most`: bytes of a body.
  explicit FrameReader(size_t most = kMaxBody) : most_(most) {}
  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /// The next whole frame, if there is one.
  std::optional<Frame> next();
  std::optional<FrameError> error() const { return error_; }
  /// Something was received that is not yet a frame.
  bool in_frame() const { return !buffer_.empty() || length_.has_value(); }

 private:
  bool read_header();

  size_t most_;
  std::string buffer_;
  std::string type_;
  std::optional<size_t> length_;  ///< of the body, once the header is read
  std::optional<FrameError> error_;
};

}  // namespace cmdai::ipc
