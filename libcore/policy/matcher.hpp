#pragma once
// Whether a condition holds of one effect of a line, or of the line itself.
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libcore/policy/rule.hpp"
#include "libcore/policy/text_patterns.hpp"

namespace cmdai::policy {

/// One evaluation: the line, what was found in it, and what is worked out once and used by many rules. Not
/// thread-safe.
class Matcher {
 public:
  Matcher(const EvaluateInput& input, const TextPatterns& patterns) : input_(input), patterns_(patterns) {}

  /// `effect` may be null: then only conditions about the line itself can hold.
  bool holds(const Condition& condition, const effects::Effect* effect);
  /// The text patterns that are in the line or in code inside it.
  std::vector<uint32_t> patterns_found();
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
