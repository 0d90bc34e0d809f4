#include "libcore/base/arena.hpp"

#include <algorithm>
#include <cstring>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace cmdai {
namespace {
/// Small enough for what an allocator has at hand: glibc keeps blocks of up to 1032 bytes for each thread.
constexpr size_t kFirstBlock = 1008;
constexpr size_t kHugePage = 2U << 20;
constexpr size_t kLarge = 512U << 10;  ///< from here on in huge pages
constexpr size_t kLargestStep = 2 * kHugePage;

/// Not value-initialised: a megabyte of zeros costs more than the parse that fills it. The tree of a script
/// is ten to twenty times its size; page by page, the kernel would need longer to hand that out than the
/// parser to fill it.
std::byte* new_block(size_t& size) {
  void* block = nullptr;
  if (size < kLarge) {
    block = std::malloc(size);
  } else {
    size = (size + kHugePage - 1) / kHugePage * kHugePage;
    block = std::aligned_alloc(kHugePage, size);
#ifdef __linux__
    if (block != nullptr) static_cast<void>(::madvise(block, size, MADV_HUGEPAGE));  // a wish, no more
#endif
  }
  if (block == nullptr) throw std::bad_alloc();
  return static_cast<std::byte*>(block);
}
}  // namespace

void Arena::use(const Block& block) {
  begin_ = next_ = block.data.get();
  limit_ = begin_ + block.size;
}

void* Arena::allocate_in_new_block(size_t bytes, size_t alignment) {
  const size_t size = blocks_.empty() ? kFirstBlock : std::min(blocks_.back().size * 2, kLargestStep);
  start_block(std::max(size, bytes + alignment));
  return allocate(bytes, alignment);
}

void Arena::reserve(size_t bytes) {
  if (bytes > static_cast<size_t>(limit_ - next_)) start_block(std::max(bytes, kFirstBlock));
}

void Arena::start_block(size_t size) {
  used_ = bytes_used();
  std::byte* block = new_block(size);
  blocks_.push_back({std::unique_ptr<std::byte, Free>(block), size});
  use(blocks_.back());
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
  use(blocks_.front());
}

}  // namespace cmdai
