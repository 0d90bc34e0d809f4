#include "libcore/policy/fill.hpp"

#include <algorithm>
#include <array>

#include "libcore/base/unicode.hpp"

namespace cmdai::policy {
namespace {

constexpr size_t kMostBytes = 120;

/// Text of the line must not act in a terminal, nor fill it.
std::string shown(std::string_view bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size();) {
    if (out.size() > kMostBytes) return out + "…";
    const CodePoint c = decode_utf8(bytes, at);
    out +=
        c.valid && char_class(c.value) == CharClass::plain ? bytes.substr(at, c.size) : std::string_view("?");
    at += c.size;
  }
  return out;
}

/// Where the sentence around `at` begins.
size_t sentence_begin(std::string_view text, size_t at) {
  const size_t end = text.substr(0, at).find_last_of(".;");
  return end == std::string_view::npos ? 0 : end + 1;
}

/// What may stand in braces, and where an effect says it.
struct Slot {
  std::string_view name;
  const std::string& (*text)(const effects::Effect&);
};
constexpr Slot kSlots[] = {
    {"{detail}", [](const effects::Effect& e) -> const std::string& { return e.detail; }},
    {"{target}", [](const effects::Effect& e) -> const std::string& { return e.target.text; }},
    {"{lost}", [](const effects::Effect& e) -> const std::string& { return e.facts.lost; }},
    {"{context}", [](const effects::Effect& e) -> const std::string& { return e.facts.context; }},
};

/// The first of them behind `from`.
const Slot* next_slot(std::string_view text, size_t from, size_t& at) {
  const Slot* first = nullptr;
  at = std::string_view::npos;
  for (const Slot& slot : kSlots)
    if (const size_t found = text.find(slot.name, from); found < at) {
      at = found;
      first = &slot;
    }
  return first;
}

}  // namespace

std::span<const std::string_view> slot_names() {
  static const auto kNames = [] {
    std::array<std::string_view, std::size(kSlots)> names;
    std::transform(std::begin(kSlots), std::end(kSlots), names.begin(),
                   [](const Slot& slot) { return slot.name; });
    return names;
  }();
  return kNames;
}

std::vector<std::string_view> words_in_braces(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = 0; (at = text.find('{', at)) != std::string_view::npos; ++at) {
    const size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at + 1);
    const bool word = end != std::string_view::npos && end > at + 1 && text[end] == '}';
    const bool syntax = at > 0 && (text[at - 1] == '$' || text[at - 1] == '@');
    if (word && !syntax) out.push_back(text.substr(at, end + 1 - at));
  }
  return out;
}

std::vector<std::string_view> unknown_slots(std::string_view text) {
  std::vector<std::string_view> out = words_in_braces(text);
  std::erase_if(out, [](std::string_view word) {
    const auto names = slot_names();
    return std::find(names.begin(), names.end(), word) != names.end();
  });
  return out;
}

std::string filled(std::string_view text, const effects::Effect* effect) {
  std::string out;
  size_t from = 0;
  while (true) {
    size_t at = 0;
    const Slot* slot = next_slot(text, from, at);
    if (slot == nullptr) return out.append(text.substr(from));
    const std::string word = effect == nullptr ? "" : shown(slot->text(*effect));
    if (!word.empty()) {
      out.append(text.substr(from, at - from)).append(word);
      from = at + slot->name.size();
      continue;
    }
    const size_t begin = sentence_begin(text, at);
    if (begin > from) out.append(text.substr(from, begin - from));
    from = std::min(text.find_first_of(".;", at), text.size() - 1) + 1;
    if (out.empty()) from = std::min(text.find_first_not_of(' ', from), text.size());
  }
}

}  // namespace cmdai::policy
