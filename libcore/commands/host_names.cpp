#include "libcore/commands/host_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "libcore/base/punycode.hpp"
#include "libcore/base/text.hpp"
#include "libcore/base/unicode.hpp"
#include "libcore/base/wildcard.hpp"
#include "libcore/syntax/escapes.hpp"

namespace cmdai::commands {
namespace {

/// With its letters that carry marks.
bool is_latin(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7) || (c >= 0x1e00 && c <= 0x1eff);
}

/// Alphabets with letters of Latin shape: nobody mixes them with Latin in one name (Unicode TR 39, 5.2,
/// "highly restrictive"); Han, Kana and Hangul may stand beside it.
enum class Alphabet : uint8_t { none, greek, cyrillic, armenian, georgian, cherokee, coptic, lisu };
struct Block {
  char32_t first, last;
  Alphabet alphabet;
};
constexpr Block kBlocks[] = {
    {0x370, 0x3e1, Alphabet::greek},      {0x3e2, 0x3ef, Alphabet::coptic},
    {0x3f0, 0x3ff, Alphabet::greek},      {0x400, 0x52f, Alphabet::cyrillic},
    {0x530, 0x58f, Alphabet::armenian},   {0x10a0, 0x10ff, Alphabet::georgian},
    {0x13a0, 0x13ff, Alphabet::cherokee}, {0x1c80, 0x1c8f, Alphabet::cyrillic},
    {0x1f00, 0x1fff, Alphabet::greek},    {0x2c80, 0x2cff, Alphabet::coptic},
    {0x2de0, 0x2dff, Alphabet::cyrillic}, {0xa4d0, 0xa4ff, Alphabet::lisu},
    {0xa640, 0xa69f, Alphabet::cyrillic}, {0xab70, 0xabbf, Alphabet::cherokee},
};
Alphabet alphabet_of(char32_t c) {
  for (const Block& b : kBlocks)
    if (c >= b.first && c <= b.last) return b.alphabet;
  return Alphabet::none;
}

/// Letters nobody tells from Latin ones in running text: Unicode TR 39's confusables, lower case.
constexpr char32_t kAlike[] = {
    // Cyrillic
    0x430, 0x435, 0x43e, 0x440, 0x441, 0x443, 0x445, 0x455, 0x456, 0x458, 0x44c, 0x461, 0x475, 0x4ba, 0x4bb,
    0x4bd, 0x4cf, 0x4c0, 0x501, 0x51b, 0x51d, 0x457,
    // Greek
    0x3b1, 0x3b3, 0x3b7, 0x3b9, 0x3ba, 0x3bd, 0x3bf, 0x3c1, 0x3c3, 0x3c4, 0x3c5, 0x3c7, 0x3c9, 0x3f2, 0x3f3,
    // Armenian, Georgian
    0x561, 0x563, 0x566, 0x570, 0x575, 0x578, 0x57d, 0x581, 0x582, 0x585, 0x584, 0x10e7, 0x10dd,
    // Cherokee in small letters, as registries keep it, is all of Latin shape: see is_alike
};
bool is_alike(char32_t c) {
  const Alphabet alphabet = alphabet_of(c);
  return alphabet == Alphabet::cherokee || alphabet == Alphabet::lisu ||
         std::find(std::begin(kAlike), std::end(kAlike), c) != std::end(kAlike);
}

/// Top levels under which whole names of that alphabet are at home.
bool at_home(Alphabet alphabet, std::string_view top) {
  static constexpr std::string_view kCyrillic[] = {"bg", "by", "kz", "kg", "mk", "mn", "rs",
                                                   "ru", "su", "tj", "ua", "uz", "eu", "me"};
  static constexpr std::string_view kGreek[] = {"gr", "cy", "eu"};
  switch (alphabet) {
    case Alphabet::cyrillic: return among(kCyrillic, top);
    case Alphabet::greek: return among(kGreek, top);
    case Alphabet::armenian: return top == "am";
    case Alphabet::georgian: return top == "ge";
    default: return false;
  }
}

/// What is read as a letter, a digit or a mark of a plain name and is another character: forms that programs
/// fold to it (full width, circled, mathematical), phonetic letters and small capitals, other dots, slashes,
/// colons.
bool is_imitation(char32_t c) {
  static constexpr Block kForms[] = {{0xff01, 0xff5e, {}},   {0x2460, 0x24ff, {}},   {0x1d400, 0x1d7ff, {}},
                                     {0x1d00, 0x1d2b, {}},   {0x2070, 0x209c, {}},   {0x2100, 0x214f, {}},
                                     {0x1f100, 0x1f1e5, {}}, {0x1f130, 0x1f189, {}}, {0x2010, 0x2015, {}}};
  static constexpr char32_t kMarks[] = {0x251,  0x261,  0x269,  0x1c0,  0x138,  0x3002,
                                        0xff61, 0x2024, 0xfe52, 0x2044, 0x2215, 0x29f8,
                                        0x2571, 0x2236, 0xa789, 0x2212, 0x0589, 0x5c3};
  return std::any_of(std::begin(kForms), std::end(kForms),
                     [c](const Block& b) { return c >= b.first && c <= b.last; }) ||
         std::find(std::begin(kMarks), std::end(kMarks), c) != std::end(kMarks);
}

/// Decimal digits of other scripts: in a name of Latin letters they stand for 0 to 9.
bool is_foreign_digit(char32_t c) {
  static constexpr char32_t kZeros[] = {0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6,
                                        0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20};
  return std::any_of(std::begin(kZeros), std::end(kZeros), [c](char32_t z) { return c >= z && c < z + 10; });
}

bool label_imitates(std::string_view label, std::string_view top) {
  bool latin = false, digits = false, other = false, only_alike = true;
  Alphabet alphabet = Alphabet::none;
  for (size_t i = 0; i < label.size();) {
    const CodePoint c = decode_utf8(label, i);
    i += c.size;
    if (is_imitation(c.value)) return true;
    const Alphabet own = alphabet_of(c.value);
    if (own != Alphabet::none && alphabet != Alphabet::none && own != alphabet) return true;
    if (own != Alphabet::none) alphabet = own;
    latin |= is_latin(c.value);
    digits |= is_foreign_digit(c.value);
    other |= own == Alphabet::none && c.value >= 0x80 && !is_foreign_digit(c.value) && !is_latin(c.value);
    only_alike &= is_alike(c.value) || c.value == '-' || std::isdigit(static_cast<int>(c.value & 0x7f)) != 0;
  }
  if (digits && !other && alphabet == Alphabet::none) return true;
  if (alphabet == Alphabet::none) return false;
  const bool latin_top = !top.empty() && is_latin(static_cast<unsigned char>(top.back()));
  return latin || (only_alike && latin_top && !at_home(alphabet, top));
}

/// Places code and accounts live at: with marks on their letters they are somebody else. No names that are
/// words.
bool accents_known_name(std::string_view label) {
  static constexpr std::string_view kKnown[] = {"github",        "githubusercontent",
                                                "gitlab",        "bitbucket",
                                                "google",        "googleapis",
                                                "microsoft",     "amazon",
                                                "amazonaws",     "paypal",
                                                "facebook",      "pypi",
                                                "pythonhosted",  "npmjs",
                                                "yarnpkg",       "docker",
                                                "debian",        "ubuntu",
                                                "python",        "nodejs",
                                                "rust-lang",     "rustup",
                                                "kubernetes",    "cloudflare",
                                                "anthropic",     "openai",
                                                "huggingface",   "sourceforge",
                                                "stackoverflow", "golang",
                                                "jetbrains",     "hashicorp",
                                                "homebrew",      "dropbox",
                                                "twitter",       "linkedin",
                                                "instagram",     "whatsapp",
                                                "coinbase",      "binance",
                                                "metamask",      "icloud",
                                                "netflix",       "office365",
                                                "crates",        "rubygems",
                                                "opensuse"};
  std::string pattern;
  for (size_t i = 0; i < label.size();) {
    const CodePoint c = decode_utf8(label, i);
    pattern += c.value < 0x80 ? static_cast<char>(std::tolower(static_cast<int>(c.value))) : '?';
    i += c.size;
  }
  constexpr auto kMostMarked = 2;  // пример is no accented github
  return pattern.size() != label.size() && std::count(pattern.begin(), pattern.end(), '?') <= kMostMarked &&
         std::any_of(std::begin(kKnown), std::end(kKnown),
                     [&](std::string_view name) { return wildcard_match(pattern, name); });
}

std::vector<std::string_view> labels_of(std::string_view host) {
  std::vector<std::string_view> out;
  for (size_t at = 0; at <= host.size();) {
    const size_t dot = std::min(host.find('.', at), host.size());
    out.push_back(host.substr(at, dot - at));
    at = dot + 1;
  }
  if (out.size() > 1 && out.back().empty()) out.pop_back();  // the root: example.org.
  return out;
}

/// One part of inet_aton(3): 0x… is hexadecimal, 0… octal.
struct Part {
  uint64_t value = 0;
  bool plain = true;  ///< as people write it
};
std::optional<Part> read_part(std::string_view text) {
  Part part;
  uint32_t base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const bool hex = text[1] == 'x' || text[1] == 'X';
    base = hex ? 16 : 8;
    text.remove_prefix(hex ? 2 : 1);
    part.plain = false;
  }
  if (text.empty() || text.size() > 16) return std::nullopt;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9'                                ? c - '0'
                      : std::isxdigit(static_cast<unsigned char>(c)) != 0 ? std::tolower(c) - 'a' + 10
                                                                          : 99;
    if (digit >= static_cast<int>(base)) return std::nullopt;
    part.value = part.value * base + static_cast<uint64_t>(digit);
  }
  return part;
}

struct Ipv4 {
  uint32_t value = 0;
  bool plain = true;
};
std::optional<Ipv4> read_ipv4(std::string_view host) {
  constexpr size_t kParts = 4;
  const std::vector<std::string_view> labels = labels_of(host.substr(0, 64));
  if (labels.size() > kParts) return std::nullopt;
  Ipv4 out;
  out.plain = labels.size() == kParts;
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto part = read_part(labels[i]);
    if (!part) return std::nullopt;
    out.plain &= part->plain;
    const size_t bytes = i + 1 == labels.size() ? kParts - i : 1;
    if (part->value >= uint64_t{1} << (8 * bytes)) return std::nullopt;
    out.value |= static_cast<uint32_t>(part->value << (8 * (kParts - i - bytes)));
  }
  return out;
}

std::string dotted(uint32_t a) {
  return fmt::format("{}.{}.{}.{}", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
}

struct Net {
  uint32_t first;
  int bits;
};
bool is_near_ipv4(uint32_t a) {
  static constexpr Net kNear[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
                                  {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0a80000, 16}};
  return std::any_of(std::begin(kNear), std::end(kNear),
                     [a](const Net& n) { return (a ^ n.first) >> (32 - n.bits) == 0; });
}

/// Controls, punctuation and pictures are in no name that is registered by the rules: RFC 5892, 2.
bool may_stand_in_name(char32_t c) {
  struct Span {
    char32_t first, last;
  };
  static constexpr Span kNone[] = {{0x00, 0x2c},      {0x2e, 0x2f},     {0x3a, 0x40},     {0x5b, 0x5e},
                                   {0x60, 0x60},      {0x7b, 0xb6},     {0xb8, 0xde},     {0xf7, 0xf7},
                                   {0x2000, 0x200b},  {0x200e, 0x214d}, {0x2150, 0x2183}, {0x2190, 0x2bff},
                                   {0x2e00, 0x2e2e},  {0x3000, 0x3004}, {0xe000, 0xf8ff}, {0xfe00, 0xfe0f},
                                   {0x1f000, 0x1faff}};
  return std::none_of(std::begin(kNone), std::end(kNone),
                      [c](const Span& b) { return c >= b.first && c <= b.last; });
}

bool has_encoded(std::string_view host) {
  if (host.starts_with('[')) return false;  // a zone: [fe80::1%25eth0]
  for (size_t i = 0; i < host.size(); ++i) {
    const auto c = static_cast<unsigned char>(host[i]);
    if (c < 0x20 || c == 0x7f || c == '\\') return true;
    if (c == '%' && i + 2 < host.size() && std::isxdigit(static_cast<unsigned char>(host[i + 1])) != 0 &&
        std::isxdigit(static_cast<unsigned char>(host[i + 2])) != 0)
      return true;
  }
  return false;
}

}  // namespace

Letter letter_of(char32_t c) {
  if (is_latin(c)) return Letter::latin;
  if (alphabet_of(c) == Alphabet::none) return Letter::none;
  return is_alike(c) ? Letter::alike : Letter::foreign;
}

std::optional<char32_t> foreign_letter(std::string_view host) {
  for (size_t i = 0; i < host.size();) {
    const CodePoint c = decode_utf8(host, i);
    i += c.size;
    if (c.valid &&
        (is_imitation(c.value) || is_foreign_digit(c.value) || alphabet_of(c.value) != Alphabet::none))
      return c.value;
  }
  return std::nullopt;
}

std::string decoded_host(std::string_view host) {
  std::string out;
  for (size_t i = 0; i < host.size(); ++i) {
    const auto c = static_cast<unsigned char>(host[i]);
    const std::string_view digits = host.substr(std::min(i + 1, host.size()), 2);
    uint32_t code = 0;
    size_t at = 0;
    if (c == '%' && digits.size() == 2 && syntax::read_number(digits, at, 2, 16, code) && at == 2) {
      out += code >= 0x20 && code < 0x7f ? static_cast<char>(code) : '?';
      i += 2;
    } else if (c >= 0x20 && c != 0x7f) {
      out += host[i];
    }
  }
  return out;
}

std::optional<std::string> shown_host(std::string_view host) {
  std::string out;
  for (const std::string_view label : labels_of(host)) {
    if (!out.empty()) out += '.';
    if (lower(label.substr(0, 4)) != "xn--") {
      out += label;
      continue;
    }
    const auto text = decode_punycode(label.substr(4));
    if (!text) return std::nullopt;
    bool beyond_ascii = false;
    for (const char32_t c : *text) {
      if (!may_stand_in_name(c)) return std::nullopt;
      beyond_ascii |= c >= 0x80;
      syntax::append_utf8(out, static_cast<uint32_t>(c));
    }
    if (!beyond_ascii) return std::nullopt;  // no name of ASCII is ever encoded: RFC 5891, 4.4
  }
  return out;
}

std::string hidden_address(std::string_view host) {
  const auto address = read_ipv4(host);
  if (!address || address->plain || host == "0") return {};
  const std::string text = dotted(address->value);
  // 127.1 is how people write 127.0.0.1
  return host.starts_with("127.") && host.find('x') == std::string_view::npos && text.starts_with("127.") &&
                 labels_of(host).size() < 4
             ? std::string()
             : text;
}

HostFlaw flaw_of(std::string_view host) {
  if (has_encoded(host)) return HostFlaw::encoded;
  if (!hidden_address(host).empty()) return HostFlaw::hidden_address;
  const auto shown = shown_host(host);
  if (!shown) return HostFlaw::no_name;
  const std::vector<std::string_view> labels = labels_of(*shown);
  const bool alike = std::any_of(labels.begin(), labels.end(), [&](std::string_view label) {
    return label_imitates(label, labels.back()) || accents_known_name(label);
  });
  return alike ? HostFlaw::foreign_letters : HostFlaw::none;
}

bool is_address(std::string_view host) { return host.starts_with('[') || read_ipv4(host).has_value(); }

bool is_near(std::string_view host) {
  const std::string name = lower(host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host);
  if (const auto address = read_ipv4(name)) return is_near_ipv4(address->value);
  if (name.find(':') != std::string::npos)
    return name == "::1" || name == "::" || name.starts_with("fc") || name.starts_with("fd") ||
           name.starts_with("fe8");
  static constexpr std::string_view kNear[] = {
      ".local",    ".localhost", ".localdomain", ".lan", ".internal",      ".home",    ".home.arpa",
      ".intranet", ".corp",      ".test",        ".svc", ".cluster.local", ".private", ".invalid"};
  return name.find('.') == std::string::npos ||
         std::any_of(std::begin(kNear), std::end(kNear),
                     [&](std::string_view end) { return name.ends_with(end); });
}

}  // namespace cmdai::commands
