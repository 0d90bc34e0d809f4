// Frames from hostile bytes: whole, and in pieces, must come to the same; what is read must survive being
// said again.
#include <cstdlib>

#include "daemon/ipc/frame.hpp"

using namespace cmdai::ipc;

namespace {

struct Outcome {
  std::vector<Frame> frames;
  std::optional<FrameError> error;
};

Outcome read(std::string_view bytes, size_t piece) {
  Outcome out;
  FrameReader reader;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (auto frame = reader.next()) out.frames.push_back(std::move(*frame));
  }
  out.error = reader.error();
  return out;
}

bool same(const Frame& a, const Frame& b) { return a.type == b.type && a.fields == b.fields; }

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = read(bytes, bytes.size() + 1);
  const Outcome pieces = read(bytes, 1 + data[0] % 17);
  require(whole.error == pieces.error && whole.frames.size() == pieces.frames.size());
  for (size_t i = 0; i < whole.frames.size(); ++i) {
    require(same(whole.frames[i], pieces.frames[i]));
    require(fits(whole.frames[i]) || whole.frames[i].fields.back().second.size() <= kMaxBody);
    const Outcome again = read(encode(whole.frames[i]), 4096);
    if (fits(whole.frames[i])) require(again.frames.size() == 1 && same(again.frames[0], whole.frames[i]));
  }
  return 0;
}
