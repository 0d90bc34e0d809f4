// Patterns that are names: `@(a|b)`, `?(a)`, `+(a)` of bash's extglob and ksh, `(a|b)` of zsh.
#include <algorithm>
#include <cctype>
#include <vector>

#include "libcore/resolve/evaluator_impl.hpp"

namespace cmdai::resolve {
namespace {

using syntax::Part;
using syntax::PartKind;

constexpr size_t kMostChoices = 16;  // of a word

bool is_plain_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_-./:,@%+").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// The names a group can only stand for; nothing, where it is a pattern of another kind.
std::vector<std::string_view> plain_choices(const Part& part) {
  if (part.kind != PartKind::extglob) return {};
  std::string_view text = part.text;
  const size_t open = text.find('(');
  if (open > 1 || text.size() < open + 3 || !text.ends_with(')')) return {};
  const char sign = open == 0 ? '\0' : text[0];
  std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  // zsh: `(.)` behind a name says what kind of file is meant.
  if (sign == '!' || (sign == '\0' && inside.find('|') == std::string_view::npos)) return {};
  std::vector<std::string_view> out;
  if (sign == '?' || sign == '*') out.emplace_back();
  for (;;) {
    const size_t bar = std::min(inside.find('|'), inside.size());
    if (!is_plain_name(inside.substr(0, bar))) return {};
    out.push_back(inside.substr(0, bar));
    if (bar == inside.size()) return out;
    inside.remove_prefix(bar + 1);
  }
}

}  // namespace

/// A word for each name that a group in it can stand for. False: nothing of that kind is in it.
bool Evaluator::Impl::add_choices(std::span<const Part> parts, Place place, const Frame& frame,
                                  std::vector<Argument>& out) {
  size_t words = 1, first = parts.size();
  std::vector<std::string_view> choices;
  for (size_t i = 0; i < parts.size(); ++i) {
    std::vector<std::string_view> here = plain_choices(parts[i]);
    if (here.empty()) continue;
    words *= here.size();
    if (first < i) continue;
    first = i;
    choices = std::move(here);
  }
  if (choices.empty() || words > kMostChoices) return false;
  for (const std::string_view choice : choices) {
    std::vector<Part> word(parts.begin(), parts.end());
    word[first].kind = PartKind::text;
    word[first].text = choice;
    if (choice.empty()) word.erase(word.begin() + static_cast<std::ptrdiff_t>(first));
    if (!word.empty() && !add_fields(word, place, frame, out)) break;
  }
  return true;
}

}  // namespace cmdai::resolve
