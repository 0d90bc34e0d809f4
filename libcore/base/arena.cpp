#include "libcore/base/arena.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace cmdai {
namespace {
constexpr size_t kFirstBlock = 4096;
constexpr size_t kLargestStep = 1U << 20;
}  // namespace

void* Arena::allocate(size_t bytes, size_t alignment) {
  auto address = reinterpret_cast<uintptr_t>(next_);
  size_t padding = (alignment - address % alignment) % alignment;
  if (next_ == nullptr || bytes + padding > static_cast<size_t>(limit_ - next_)) {
    const size_t grown = blocks_.empty() ? kFirstBlock : std::min(blocks_.back().size * 2, kLargestStep);
    const size_t size = std::max(grown, bytes + alignment);
    // Not value-initialised: a megabyte of zeros costs more than the parse that fills it.
    blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
    next_ = blocks_.back().data.get();
    limit_ = next_ + size;
    address = reinterpret_cast<uintptr_t>(next_);
    padding = (alignment - address % alignment) % alignment;
  }
  std::byte* result = next_ + padding;
  next_ = result + bytes;
  used_ += bytes + padding;
  return result;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* first = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(first, text.data(), text.size());
  return {first, text.size()};
}

void Arena::reset() {
  used_ = 0;
  if (blocks_.empty()) return;
  auto largest = std::max_element(blocks_.begin(), blocks_.end(),
                                  [](const Block& a, const Block& b) { return a.size < b.size; });
  std::swap(*largest, blocks_.front());
  blocks_.resize(1);
  next_ = blocks_.front().data.get();
  limit_ = next_ + blocks_.front().size;
}

}  // namespace cmdai
