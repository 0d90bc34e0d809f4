#pragma once
// std::span and std::string_view in twelve bytes instead of sixteen. A tree holds several for each word, and
// what a large script costs is mostly the memory of its tree. 32 bits count what Limits allows.
#include <cstdint>
#include <span>
#include <string_view>

namespace cmdai::syntax {

/// Items that lie in the arena, in order.
template <class T>
class [[gnu::packed]] alignas(4) List {
 public:
  constexpr List() = default;
  constexpr List(std::span<const T> items)  // implicit: it is one, written shorter
      : first_(items.data()), size_(static_cast<uint32_t>(items.size())) {}

  constexpr const T* begin() const { return first_; }
  constexpr const T* end() const { return first_ + size_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](size_t index) const { return first_[index]; }
  constexpr const T& front() const { return first_[0]; }
  constexpr const T& back() const { return first_[size_ - 1]; }

 private:
  const T* first_ = nullptr;
  uint32_t size_ = 0;
};

/// Bytes of the source or the arena; to be read as a std::string_view.
class [[gnu::packed]] alignas(4) Text {
 public:
  constexpr Text() = default;
  constexpr explicit Text(std::string_view bytes)
      : first_(bytes.data()), size_(static_cast<uint32_t>(bytes.size())) {}
  constexpr Text& operator=(std::string_view bytes) { return *this = Text(bytes); }

  constexpr std::string_view view() const { return {first_, size_}; }
  constexpr operator std::string_view() const { return view(); }
  constexpr const char* begin() const { return first_; }
  constexpr const char* end() const { return first_ + size_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr char operator[](size_t index) const { return first_[index]; }
  constexpr bool starts_with(char c) const { return view().starts_with(c); }
  constexpr size_t find(char c) const { return view().find(c); }
  constexpr size_t find(std::string_view bytes) const { return view().find(bytes); }
  constexpr std::string_view substr(size_t from, size_t count = std::string_view::npos) const {
    return view().substr(from, count);
  }
  friend constexpr bool operator==(Text a, Text b) { return a.view() == b.view(); }
  friend constexpr bool operator==(Text a, std::string_view b) { return a.view() == b; }

 private:
  const char* first_ = nullptr;
  uint32_t size_ = 0;
};

}  // namespace cmdai::syntax
