#pragma once
// All `text` patterns of a policy, searched together.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/base/range.hpp"

namespace cmdai::policy {

/// Immutable, thread-safe. A thousand patterns cost about what one does: only those are looked for whose
/// literal parts are in the text; what has none is searched as one automaton.
class TextPatterns {
 public:
  /// All of them are valid.
  explicit TextPatterns(const std::vector<std::string>& patterns);
  ~TextPatterns();
  TextPatterns(const TextPatterns&) = delete;
  TextPatterns& operator=(const TextPatterns&) = delete;

  bool empty() const;
  /// Which patterns are somewhere in `text`, by index, in order.
  std::vector<int> search(std::string_view text) const;
  /// Where pattern `index` matches first.
  std::optional<Range> find(size_t index, std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace cmdai::policy
