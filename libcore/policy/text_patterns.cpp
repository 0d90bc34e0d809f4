#include "libcore/policy/text_patterns.hpp"

#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

#include "libcore/base/unicode.hpp"
#include "libcore/policy/atoms.hpp"

namespace cmdai::policy {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

/// Whether it can match a letter beyond ASCII that counts as another one: (?i)k is the Kelvin sign, too. The
/// literal parts of such a pattern say nothing of a text with such letters.
bool may_fold(std::string_view pattern) {
  if (!is_ascii(pattern)) return true;
  for (size_t at = pattern.find_first_of("\\("); at != std::string_view::npos && at + 1 < pattern.size();
       at = pattern.find_first_of("\\(", at + 1)) {
    const char next = pattern[at + 1];
    if (pattern[at] == '\\' && (next == 'x' || next == 'p' || next == 'P' || (next >= '0' && next <= '7')))
      return true;
    if (pattern[at] == '(' && next == '?') {
      const std::string_view flags = pattern.substr(at + 2, pattern.find_first_of(":)-<", at) - at - 2);
      if (flags.find('i') != std::string_view::npos) return true;
    }
  }
  return false;
}

}  // namespace

struct TextPatterns::Compiled {
  static constexpr int kShortestAtom = 2;
  re2::FilteredRE2 each{kShortestAtom};
  std::unique_ptr<Atoms> atoms;
  std::vector<int> always;                    ///< without literal parts
  std::vector<int> folding;                   ///< to be tried wherever a text is not ASCII
  RE2::Set set{RE2::Quiet, RE2::UNANCHORED};  ///< of `always`

  bool matches(int index, std::string_view text) const {
    return RE2::PartialMatch(piece(text), each.GetRE2(index));
  }
  void search_always(std::string_view text, std::vector<int>& out) const;
};

void TextPatterns::Compiled::search_always(std::string_view text, std::vector<int>& out) const {
  if (always.empty()) return;
  std::vector<int> found;
  RE2::Set::ErrorInfo error{};
  if (set.Match(piece(text), &found, &error) || error.kind == RE2::Set::kNoError) {
    for (const int index : found) out.push_back(always[static_cast<size_t>(index)]);
    return;
  }
  // The joint automaton ran out of its memory budget: ask one by one, which cannot.
  for (const int index : always)
    if (matches(index, text)) out.push_back(index);
}

TextPatterns::TextPatterns(const std::vector<std::string>& patterns)
    : compiled_(std::make_unique<Compiled>()) {
  Compiled& c = *compiled_;
  for (const std::string& pattern : patterns) {
    int index = 0;
    c.each.Add(pattern, RE2::Quiet, &index);
    if (may_fold(pattern)) c.folding.push_back(index);
  }
  if (patterns.empty()) return;
  std::vector<std::string> atoms;
  c.each.Compile(&atoms);
  c.atoms = std::make_unique<Atoms>(atoms);
  c.each.AllPotentials({}, &c.always);
  std::string error;
  for (const int index : c.always) c.set.Add(patterns[static_cast<size_t>(index)], &error);
  if (!c.always.empty()) c.set.Compile();
}

TextPatterns::~TextPatterns() = default;

bool TextPatterns::empty() const { return compiled_->each.NumRegexps() == 0; }

std::vector<int> TextPatterns::search(std::string_view text) const {
  std::vector<int> out;
  if (empty()) return out;
  const Compiled& c = *compiled_;
  std::vector<int> possible;
  if (const std::vector<int> atoms = c.atoms->find(text); !atoms.empty())
    c.each.AllPotentials(atoms, &possible);
  if (!c.folding.empty() && !is_ascii(text)) {
    possible.insert(possible.end(), c.folding.begin(), c.folding.end());
    std::sort(possible.begin(), possible.end());
    possible.erase(std::unique(possible.begin(), possible.end()), possible.end());
  }
  for (const int index : possible)
    if (!std::binary_search(c.always.begin(), c.always.end(), index) && c.matches(index, text))
      out.push_back(index);
  c.search_always(text, out);
  std::sort(out.begin(), out.end());
  return out;
}

std::optional<Range> TextPatterns::find(size_t index, std::string_view text) const {
  re2::StringPiece match;
  if (!compiled_->each.GetRE2(static_cast<int>(index))
           .Match(piece(text), 0, text.size(), RE2::UNANCHORED, &match, 1))
    return std::nullopt;
  const auto begin = static_cast<uint32_t>(match.data() - text.data());
  return Range{begin, begin + static_cast<uint32_t>(match.size())};
}

}  // namespace cmdai::policy
