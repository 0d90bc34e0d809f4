// Which host an address names, and whether it is the one a reader takes it for.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "libcore/base/text.hpp"
#include "libcore/base/unicode.hpp"
#include "libcore/commands/host_names.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/syntax/escapes.hpp"

namespace cmdai::commands {
namespace {

/// Between scheme and path: [user[:password]@]host[:port].
std::string_view authority_of(std::string_view address) {
  const size_t scheme = address.find("://");
  if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  return address.substr(0, address.find_first_of("/?#"));
}

/// github.com in github.com@example.org.
bool is_host_like_user(std::string_view user) {
  user = user.substr(0, user.find_first_of(":%/\\"));
  if (user.find('@') != std::string_view::npos) return false;
  for (std::string_view ending : {".com", ".org", ".net", ".io", ".dev"})
    if (user.ends_with(ending)) return true;
  return false;
}

bool is_cyrillic(char32_t c) { return c >= 0x400 && c <= 0x52f; }

/// A word of a path that is Latin but for letters that only look it: another file than the one that is read.
std::optional<char32_t> forged_letter(std::string_view path) {
  bool latin = false, other = false;
  std::optional<char32_t> alike;
  for (size_t i = 0; i <= path.size();) {
    const CodePoint c = i < path.size() ? decode_utf8(path, i) : CodePoint{};
    i += c.size;
    Letter letter = letter_of(c.value);
    if (letter == Letter::alike && !is_cyrillic(c.value)) letter = Letter::foreign;  // TGFα is no forgery
    if (letter == Letter::none && latin && alike && !other) return alike;
    if (letter == Letter::none) latin = other = false, alike.reset();
    latin |= letter == Letter::latin;
    other |= letter == Letter::foreign;
    if (letter == Letter::alike) alike = c.value;
  }
  return std::nullopt;
}

std::string name_of(char32_t c) {
  std::string letter;
  syntax::append_utf8(letter, static_cast<uint32_t>(c));
  return fmt::format("{} is U+{:04X}", letter, static_cast<uint32_t>(c));
}

std::string told(HostFlaw flaw, std::string_view host) {
  switch (flaw) {
    case HostFlaw::none: break;
    case HostFlaw::foreign_letters: {
      const std::string shown = shown_host(host).value_or(std::string(host));
      const auto letter = foreign_letter(shown);
      return fmt::format(
          "it reads {}{}", shown,
          letter ? fmt::format(", where {}, no Latin letter", name_of(*letter)) : std::string());
    }
    case HostFlaw::no_name: return "what stands behind xn-- is the encoding of no name there may be";
    case HostFlaw::encoded: return fmt::format("written out the host is {}", decoded_host(host));
    case HostFlaw::hidden_address: return fmt::format("the number stands for {}", hidden_address(host));
  }
  return {};
}

/// Whether the host stands whole in what is known of the address.
bool knows_host(const Value& address, std::string_view known) {
  const std::string_view authority = authority_of(known);
  return address.is_exact() || authority.data() + authority.size() < known.data() + known.size();
}

/// user:password@ with both written out. Placeholders of manuals are no passwords.
bool holds_password(std::string_view known) {
  const std::string_view authority = authority_of(known);
  const size_t at = authority.rfind('@'), colon = authority.find(':');
  if (known.find("://") == std::string_view::npos || at == std::string_view::npos || colon >= at)
    return false;
  const std::string password = lower(authority.substr(colon + 1, at - colon - 1));
  static constexpr std::string_view kPlaceholders[] = {
      "password", "pass", "passwd",   "pwd",           "secret", "token",      "pw",        "xxx",
      "xxxx",     "***",  "changeme", "x-oauth-basic", "x",      "your_token", "your-token"};
  static constexpr std::string_view kMarks[] = {"<", "{", "$", "[", "*", "..."};
  return !password.empty() && !among(kPlaceholders, password) && !holds_any(password, kMarks);
}

}  // namespace

std::string host_of(std::string_view address) {
  std::string_view rest = authority_of(address);
  if (const size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  if (rest.starts_with('[')) return std::string(rest.substr(0, rest.find(']') + 1));
  return std::string(rest.substr(0, rest.find(':')));
}

std::string deception_of(const Value& address, bool is_url) {
  const std::string text = address.prefix();
  const size_t scheme = text.find("://");
  const bool url = is_url || scheme != std::string::npos;
  const std::string_view authority = authority_of(text);
  const size_t at = authority.rfind('@');
  const std::string host = host_of(text);
  if (at != std::string_view::npos && is_host_like_user(authority.substr(0, at)))
    return fmt::format("what stands before @ is a user's name, the host is {}", host);
  if (scheme != std::string::npos)
    if (const auto letter = forged_letter(std::string_view(text).substr(scheme + 3 + authority.size())))
      return fmt::format("{}, no Latin letter", name_of(*letter));
  const HostFlaw flaw = lower(text).starts_with("file:") ? HostFlaw::none : flaw_of(host);
  // `wget2 --max-threads 10 URL`: a short number that no scheme makes a host is the value of some option.
  constexpr size_t kShortestAddress = 8;
  if (scheme == std::string::npos && host.size() < kShortestAddress &&
      host.find_first_not_of("0123456789") == std::string::npos)
    return {};
  const bool alphabet = flaw == HostFlaw::foreign_letters;
  if (!alphabet && (!knows_host(address, text) || (!url && flaw != HostFlaw::no_name))) return {};
  return told(flaw, host);
}

void judge_host(Sink& sink, const Argument& address, bool is_url) {
  const std::string text = address.value.prefix();
  if (!sink.spend(text.size())) return;
  if (std::string deception = deception_of(address.value, is_url); !deception.empty()) {
    Effect& e = sink.on(Kind::sends_data, "net.lookalike-host", address);
    e.target.text = host_of(text);
    e.detail = std::move(deception);
  }
  judge_metadata(sink, address);
  if (holds_password(text) && !is_near(host_of(text))) {
    Effect& e = sink.on(Kind::sends_data, "net.url-password", address);
    e.target.text = host_of(text);
  }
}

void judge_hosts(const Call& call, Sink& sink) {
  for (const Argument* operand : call.operands()) judge_host(sink, *operand);
}

}  // namespace cmdai::commands
