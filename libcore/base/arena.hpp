#pragma once
// Bump allocator for syntax trees: nodes are trivially destructible, freed all at once, and never move.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace cmdai {

/// Not thread-safe. Everything handed out lives as long as the arena (or until reset()).
class Arena {
 public:
  Arena() = default;
  ~Arena() = default;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return ::new (allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  template <class T>
  std::span<T> copy(std::span<const T> items) {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);
    if (items.empty()) return {};
    T* first = static_cast<T*>(allocate(items.size_bytes(), alignof(T)));
    for (size_t i = 0; i < items.size(); ++i) ::new (first + i) T(items[i]);
    return {first, items.size()};
  }

  std::string_view copy(std::string_view text);

  void* allocate(size_t bytes, size_t alignment) {
    const size_t padding = -reinterpret_cast<uintptr_t>(next_) & (alignment - 1);
    if (bytes + padding > static_cast<size_t>(limit_ - next_)) return allocate_in_new_block(bytes, alignment);
    std::byte* result = next_ + padding;
    next_ = result + bytes;
    return result;
  }
  /// Room for so much in one piece, for who knows what is to come.
  void reserve(size_t bytes);
  /// Forgets all contents, keeps the largest block for reuse.
  void reset();
  /// What was handed out, with the little that is lost at the end of a block.
  size_t bytes_used() const { return used_ + static_cast<size_t>(next_ - begin_); }

 private:
  struct Free {
    void operator()(std::byte* block) const { std::free(block); }
  };
  struct Block {
    std::unique_ptr<std::byte, Free> data;
    size_t size;
  };
  void* allocate_in_new_block(size_t bytes, size_t alignment);
  void start_block(size_t size);
  void use(const Block& block);

  std::vector<Block> blocks_;
  std::byte* begin_ = nullptr;  ///< of the block in use
  std::byte* next_ = nullptr;
  std::byte* limit_ = nullptr;
  size_t used_ = 0;  ///< in the blocks before it
};

}  // namespace cmdai
