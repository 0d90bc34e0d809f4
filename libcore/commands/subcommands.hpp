#pragma once
// For tools whose danger is in the verb: a table from words to effect.
#include <algorithm>
#include <span>
#include <string_view>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// The words must occur among the operands in this order; "*" stands for any one word. `needs`/`unless`:
/// options, blank-separated.
struct Verb {
  std::string_view words;
  Kind kind;
  std::string_view tag;
  std::string_view needs = {};
  std::string_view unless = {};
};

inline bool matches(std::string_view words, const Call& call) {
  size_t at = 0;
  bool first = true;
  while (!words.empty()) {
    const size_t blank = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, blank);
    words.remove_prefix(std::min(blank + 1, words.size()));
    while (true) {
      if (at >= call.operands().size()) return false;
      const std::string text = call.operand(at++);
      const bool ends = word.ends_with('*') && word.size() > 1
                            ? std::string_view(text).starts_with(word.substr(0, word.size() - 1))
                            : text == word;
      if (word == "*" || ends) break;
      if (first) return false;  // the first word must stand first
    }
    first = false;
  }
  return true;
}

/// Adds the effect of every verb that fits; returns whether one did.
inline bool judge_verbs(const Call& call, Sink& sink, std::span<const Verb> verbs) {
  if (call.any("help version dry-run dryrun h simulate just-print")) return false;
  for (const Verb& v : verbs) {
    if (!matches(v.words, call)) continue;
    if (!v.needs.empty() && !call.any(v.needs)) continue;
    if (!v.unless.empty() && call.any(v.unless)) continue;
    Effect& e =
        call.operands().empty() ? sink.add(v.kind, v.tag) : sink.on(v.kind, v.tag, *call.operands().back());
    e.detail = std::string(call.program()) + " " + std::string(v.words);
    e.place = call.invocation().place;
    return true;
  }
  return false;
}

/// The handler of a program all of whose danger is in one table.
template <const auto& kVerbs>
void verbs(const Call& call, Sink& sink) {
  judge_verbs(call, sink, kVerbs);
}

}  // namespace cmdai::commands
