#pragma once
// Bump allocator for syntax trees: nodes are trivially destructible, freed all at once, and never move.
#include <cstddef>
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
    std::uninitialized_copy(items.begin(), items.end(), first);
    return {first, items.size()};
  }

  std::string_view copy(std::string_view text);

  void* allocate(size_t bytes, size_t alignment);
  /// Forgets all contents, keeps the largest block for reuse.
  void reset();
  size_t bytes_used() const { return used_; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> data;
    size_t size;
  };
  std::vector<Block> blocks_;
  std::byte* next_ = nullptr;
  std::byte* limit_ = nullptr;
  size_t used_ = 0;
};

}  // namespace cmdai
