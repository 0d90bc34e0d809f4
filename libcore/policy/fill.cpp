#include "libcore/policy/fill.hpp"

#include <algorithm>

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

}  // namespace

std::string filled(std::string_view text, const effects::Effect* effect) {
  constexpr std::string_view kDetail = "{detail}", kTarget = "{target}";
  std::string out;
  size_t from = 0;
  while (true) {
    const size_t at = std::min(text.find(kDetail, from), text.find(kTarget, from));
    if (at == std::string_view::npos) return out.append(text.substr(from));
    const std::string word =
        effect == nullptr
            ? ""
            : shown(text.substr(at).starts_with(kDetail) ? effect->detail : effect->target.text);
    if (!word.empty()) {
      out.append(text.substr(from, at - from)).append(word);
      from = at + kDetail.size();
      continue;
    }
    const size_t begin = sentence_begin(text, at);
    if (begin > from) out.append(text.substr(from, begin - from));
    from = std::min(text.find_first_of(".;", at), text.size() - 1) + 1;
    if (out.empty()) from = std::min(text.find_first_not_of(' ', from), text.size());
  }
}

}  // namespace cmdai::policy
