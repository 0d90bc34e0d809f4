#pragma once
// What every parser here shares: scratch stacks that become arena spans, the node budget, the first error.
#include <cstdlib>
#include <new>
#include <span>
#include <string>
#include <type_traits>

#include "libcore/syntax/parse.hpp"

namespace cmdai::syntax {

/// A stack used by nested lists of one node type: take a mark, push, then move everything above the mark into
/// the arena. Every word passes through one, so it does less than a vector: nodes are bytes that can be
/// moved.
template <class T>
class Scratch {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  Scratch() = default;
  ~Scratch() { std::free(items_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  size_t mark() const { return size_; }
  void push(const T& item) {
    if (size_ == capacity_) grow();
    ::new (items_ + size_++) T(item);
  }
  /// One more, to be filled in where it lies: what is written and copied at once makes the processor wait.
  T& add() {
    if (size_ == capacity_) grow();
    return *::new (items_ + size_++) T();
  }
  T& back() { return items_[size_ - 1]; }
  bool empty_since(size_t mark) const { return size_ == mark; }
  size_t count_since(size_t mark) const { return size_ - mark; }
  T& at(size_t index) { return items_[index]; }
  List<T> take(size_t mark, Arena& arena) {
    if (size_ == mark) return {};
    const std::span<const T> all(items_ + mark, size_ - mark);
    size_ = mark;
    return std::span<const T>(arena.copy(all));
  }

 private:
  void grow() {
    constexpr size_t kFirst = 16;
    capacity_ = capacity_ == 0 ? kFirst : 2 * capacity_;
    void* grown = std::realloc(static_cast<void*>(items_), capacity_ * sizeof(T));
    if (grown == nullptr) throw std::bad_alloc();
    items_ = static_cast<T*>(grown);
  }

  T* items_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

template <class T>
List<T> list_of(const T& one, Arena& arena) {
  return std::span<const T>(arena.make<T>(one), 1);
}

/// To write what only compound commands have.
inline Compound& more_of(Command& c, Arena& arena) {
  if (c.compound == nullptr) c.compound = arena.make<Compound>();
  return *c.compound;
}

/// Counts what hostile input makes large. Shared between a parser and the parsers of unescaped nested texts.
struct Budget {
  uint32_t depth = 0;
  uint32_t nodes = 0;
};

/// Holds one level of nesting for its lifetime; `ok` is false when that was one too many.
class Nesting {
 public:
  Nesting(Budget& budget, const Limits& limits) : budget_(budget), ok(++budget.depth <= limits.depth) {}
  ~Nesting() { --budget_.depth; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  Budget& budget_;

 public:
  const bool ok;
};

/// A set of bytes, asked by table: what every inner loop does.
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (const char c : bytes) has_[static_cast<unsigned char>(c)] = true;
  }
  constexpr ByteSet operator|(const ByteSet& other) const {
    ByteSet out(*this);
    for (size_t c = 0; c < 256; ++c) out.has_[c] = has_[c] || other.has_[c];
    return out;
  }
  constexpr bool operator[](char c) const { return has_[static_cast<unsigned char>(c)]; }

 private:
  bool has_[256] = {};
};

inline bool has_any_of(std::string_view text, const ByteSet& bytes) {
  for (const char c : text)
    if (bytes[c]) return true;
  return false;
}

inline constexpr ByteSet kNameStarts("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
inline constexpr ByteSet kNameChars = kNameStarts | ByteSet("0123456789");
inline bool is_name_start(char c) { return kNameStarts[c]; }
inline bool is_name_char(char c) { return kNameChars[c]; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The dialect parsers; parse() dispatches.
void parse_posix(Tree& tree, const ParseOptions& options);
void parse_fish(Tree& tree, const ParseOptions& options);

}  // namespace cmdai::syntax
