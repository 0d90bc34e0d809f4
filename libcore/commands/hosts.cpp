// Which host an address names, and whether it is the one a reader takes it for.
#include <algorithm>

#include "libcore/base/unicode.hpp"
#include "libcore/commands/network.hpp"

namespace cmdai::commands {
namespace {

bool is_latin(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_cyrillic_or_greek(char32_t c) {
  return (c >= 0x370 && c <= 0x3ff) || (c >= 0x400 && c <= 0x52f) || (c >= 0x1f00 && c <= 0x1fff);
}
/// Cyrillic letters nobody tells from Latin ones: a c d e h i j o p q s w x y.
bool looks_latin(char32_t c) {
  static constexpr char32_t kAlike[] = {0x430, 0x441, 0x501, 0x435, 0x4bb, 0x456, 0x458,
                                        0x43e, 0x440, 0x51b, 0x455, 0x51d, 0x445, 0x443};
  return std::find(std::begin(kAlike), std::end(kAlike), c) != std::end(kAlike);
}
/// What is read as a dot, a slash or a letter of a host name and is none: full-width forms, the ideographic
/// full stops, the fraction and division slashes.
bool is_imitation(char32_t c) {
  return (c >= 0xff01 && c <= 0xff5e) || c == 0x3002 || c == 0xff61 || c == 0x2044 || c == 0x2215;
}

/// Between scheme and path: [user[:password]@]host[:port].
std::string_view authority_of(std::string_view address) {
  const size_t scheme = address.find("://");
  if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  return address.substr(0, address.find_first_of("/?#"));
}

/// github.com in github.com@example.org.
bool is_host_like_user(std::string_view user) {
  user = user.substr(0, user.find(':'));
  if (user.find('@') != std::string_view::npos) return false;
  for (std::string_view ending : {".com", ".org", ".net", ".io", ".dev"})
    if (user.ends_with(ending)) return true;
  return false;
}

/// One label of two alphabets, or one wholly of letters that look Latin below a Latin top level.
bool imitates(std::string_view host) {
  const bool latin_top = !host.empty() && is_latin(static_cast<unsigned char>(host.back()));
  bool latin = false, foreign = false, only_alike = true;
  for (size_t i = 0; i < host.size();) {
    const CodePoint c = decode_utf8(host, i);
    i += c.size;
    if (is_imitation(c.value)) return true;
    latin |= is_latin(c.value);
    foreign |= is_cyrillic_or_greek(c.value);
    only_alike = only_alike && (looks_latin(c.value) || c.value == '-' || c.value == '.');
    if (latin && foreign) return true;
    if (c.value != '.') continue;
    if (foreign && only_alike && latin_top) return true;
    latin = foreign = false;
    only_alike = true;
  }
  return false;
}

/// A word of a path that is Latin but for letters that only look it: another file than the one that is read.
bool has_forged_word(std::string_view path) {
  bool latin = false, alike = false, other = false;
  for (size_t i = 0; i <= path.size();) {
    const CodePoint c = i < path.size() ? decode_utf8(path, i) : CodePoint{};
    i += c.size;
    const bool letter = is_latin(c.value) || is_cyrillic_or_greek(c.value);
    if (!letter && latin && alike && !other) return true;
    if (!letter) latin = alike = other = false;
    latin |= is_latin(c.value);
    alike |= looks_latin(c.value);
    other |= is_cyrillic_or_greek(c.value) && !looks_latin(c.value);
  }
  return false;
}

}  // namespace

std::string host_of(std::string_view address) {
  std::string_view rest = authority_of(address);
  if (const size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  return std::string(rest.substr(0, rest.find(':')));
}

bool is_lookalike(std::string_view address) {
  const std::string_view authority = authority_of(address);
  const size_t at = authority.rfind('@');
  if (at != std::string_view::npos && is_host_like_user(authority.substr(0, at))) return true;
  const size_t scheme = address.find("://");
  if (scheme != std::string_view::npos && has_forged_word(address.substr(scheme + 3 + authority.size())))
    return true;
  return imitates(host_of(address));
}

void judge_host(Sink& sink, const Argument& address) {
  const std::string text = address.value.prefix();
  if (!is_lookalike(text)) return;
  Effect& e = sink.on(Kind::sends_data, "net.lookalike-host", address);
  e.target.text = host_of(text);
}

void judge_hosts(const Call& call, Sink& sink) {
  for (const Argument* operand : call.operands()) judge_host(sink, *operand);
}

}  // namespace cmdai::commands
