#pragma once
// Whether a condition holds of one effect of a line, or of the line itself.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libcore/policy/rule.hpp"

namespace cmdai::policy {

/// All `text` patterns of a policy, searched together in linear time (RE2::Set). Immutable, thread-safe.
class TextPatterns {
 public:
  explicit TextPatterns(const std::vector<std::string>& patterns);
  ~TextPatterns();
  TextPatterns(const TextPatterns&) = delete;
  TextPatterns& operator=(const TextPatterns&) = delete;

  bool empty() const;
  /// Which patterns are somewhere in `text`, by index.
  std::vector<int> search(std::string_view text) const;
  /// Where pattern `index` matches first.
  std::optional<Range> find(size_t index, std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

/// One evaluation: the line, what was found in it, and what is worked out once and used by many rules. Not
/// thread-safe.
class Matcher {
 public:
  Matcher(const EvaluateInput& input, const TextPatterns& patterns) : input_(input), patterns_(patterns) {}

  /// `effect` may be null: then only conditions about the line itself can hold.
  bool holds(const Condition& condition, const effects::Effect* effect);
  /// The part of the line a condition without an effect points at.
  resolve::Place place(const Condition& condition);

 private:
  struct TextHit {
    uint32_t pattern = 0;
    uint32_t source = 0;
  };
  const std::vector<TextHit>& text_hits();
  const std::optional<Range>& hidden();

  bool line_holds(const Condition& condition);
  bool text_holds(const Condition& condition);
  const commands::CallSummary* find_call(const CallTest& test);
  bool somewhere(const Condition& condition);

  const EvaluateInput& input_;
  const TextPatterns& patterns_;
  std::optional<std::vector<TextHit>> text_hits_;
  std::optional<std::optional<Range>> hidden_;
  // What a condition says of the whole line is the same for each of its effects: a line of ten thousand
  // commands must not cost their square.
  std::unordered_map<const CallTest*, const commands::CallSummary*> calls_;
  std::unordered_map<const Condition*, bool> somewhere_;
};

}  // namespace cmdai::policy
