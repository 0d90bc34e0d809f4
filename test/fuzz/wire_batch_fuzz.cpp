// A batch from any bytes, packed or not: what was read lies within the bytes, and the chain in it holds or is
// refused with a reason.
#include <cstdint>
#include <cstdlib>

#include "enterprise/protocol/batch_walk.hpp"
#include "enterprise/protocol/compression.hpp"

using namespace cmdai::wire;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void read(std::string_view text) {
  const auto batch = read_batch(text);
  if (!batch) return require(!batch.error().text.empty());
  require(batch->events.size() == batch->header.count);
  for (const MacLine& event : batch->events) {
    require(event.line.data() >= text.data() &&
            event.line.data() + event.line.size() < text.data() + text.size());
  }
  const auto walked = walk_batch(*batch);
  if (!walked) return require(!walked.error().refusal.text.empty());
  require(walked->events.size() == batch->events.size());
  require(walked->events.front().seq == batch->header.first &&
          walked->events.back().seq == batch->header.last);
  for (size_t i = 1; i < walked->events.size(); ++i)
    require(walked->events[i - 1].seq < walked->events[i].seq);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read(text);
  constexpr size_t kLimit = 64 << 10;
  static Unpacker unpacker;
  if (const auto plain = unpacker.unpack(text, kLimit)) {
    require(plain->size() <= kLimit);
    read(*plain);
  }
  return 0;
}
