#pragma once
// What every parser here shares: scratch stacks that become arena spans, the node budget, the first error.
#include <span>
#include <string>
#include <vector>

#include "libcore/syntax/parse.hpp"

namespace cmdai::syntax {

/// A stack used by nested lists of one node type: take a mark, push, then move everything above the mark into
/// the arena.
template <class T>
class Scratch {
 public:
  size_t mark() const { return items_.size(); }
  void push(const T& item) { items_.push_back(item); }
  T& back() { return items_.back(); }
  bool empty_since(size_t mark) const { return items_.size() == mark; }
  size_t count_since(size_t mark) const { return items_.size() - mark; }
  T& at(size_t index) { return items_[index]; }
  std::span<const T> take(size_t mark, Arena& arena) {
    const std::span<const T> all(items_.data() + mark, items_.size() - mark);
    const std::span<T> kept = arena.copy(all);
    items_.resize(mark);
    return kept;
  }

 private:
  std::vector<T> items_;
};

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

inline bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_name_char(char c) { return is_name_start(c) || is_digit(c); }

/// The dialect parsers; parse() dispatches.
void parse_posix(Tree& tree, const ParseOptions& options);
void parse_fish(Tree& tree, const ParseOptions& options);

}  // namespace cmdai::syntax
