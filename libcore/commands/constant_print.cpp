#include "libcore/commands/constant_print.hpp"

#include <algorithm>
#include <cctype>

#include "libcore/base/text.hpp"
#include "libcore/commands/decoders.hpp"

namespace cmdai::commands {
namespace {

constexpr size_t kMostPrinted = 64 * 1024;
constexpr int kDeepest = 32;

/// How a language writes what is needed here.
struct Style {
  CodeStyle style;
  std::string_view joins;      ///< the operator that puts texts together; "": side by side
  std::string_view separator;  ///< what print puts between its arguments
  bool interpolates;           ///< "$x", "@x", "#{x}" in double quotes
};
constexpr Style kStyles[] = {{CodeStyle::python, "+", " ", false}, {CodeStyle::javascript, "+", " ", false},
                             {CodeStyle::perl, ".", "", true},     {CodeStyle::ruby, "+", "\n", true},
                             {CodeStyle::php, ".", "", true},      {CodeStyle::awk, "", " ", false},
                             {CodeStyle::lua, "..", "\t", false}};

/// A call that prints, and what it puts behind.
struct Printer {
  CodeStyle style;
  std::string_view name, end;
};
constexpr Printer kPrinters[] = {{CodeStyle::python, "print", "\n"},
                                 {CodeStyle::python, "sys.stdout.write", ""},
                                 {CodeStyle::javascript, "console.log", "\n"},
                                 {CodeStyle::javascript, "process.stdout.write", ""},
                                 {CodeStyle::perl, "print", ""},
                                 {CodeStyle::perl, "say", "\n"},
                                 {CodeStyle::ruby, "puts", "\n"},
                                 {CodeStyle::ruby, "print", ""},
                                 {CodeStyle::ruby, "$stdout.write", ""},
                                 {CodeStyle::php, "echo", ""},
                                 {CodeStyle::php, "print", ""},
                                 {CodeStyle::awk, "print", "\n"},
                                 {CodeStyle::lua, "print", "\n"},
                                 {CodeStyle::lua, "io.write", ""}};

constexpr std::string_view kChr[] = {"chr", "String.fromCharCode", "String.fromCodePoint", "string.char"};
constexpr std::string_view kBase64[] = {"base64.b64decode", "b64decode",     "atob",
                                        "decode_base64",    "base64_decode", "Base64.decode64"};
constexpr std::string_view kHex[] = {"bytes.fromhex", "bytearray.fromhex", "hex2bin", "binascii.unhexlify"};
constexpr std::string_view kReverse[] = {"strrev", "string.reverse"};
/// Calls on a text that leave it as it is.
constexpr std::string_view kSame[] = {"decode", "encode", "toString", "strip", "to_s", "rstrip", "chomp"};

class Reader {
 public:
  Reader(std::string_view code, const Style& style) : code_(code), style_(style) {}

  std::optional<std::string> read() {
    while (skip_between(), at_ < code_.size()) {
      if (skip_import()) continue;
      if (!statement() || out_.size() > kMostPrinted) return std::nullopt;
    }
    return printed_ ? std::optional<std::string>(out_) : std::nullopt;
  }

 private:
  using Text = std::optional<std::string>;

  void skip_blanks() {
    while (at_ < code_.size() && (code_[at_] == ' ' || code_[at_] == '\t')) ++at_;
  }
  /// Between statements; awk's BEGIN { … } is one block of them.
  void skip_between() {
    for (;;) {
      while (at_ < code_.size() && std::string_view(" \t\r\n;").find(code_[at_]) != std::string_view::npos)
        ++at_;
      if (style_.style != CodeStyle::awk) return;
      if (code_.substr(at_).starts_with("BEGIN")) {
        at_ += 5;
      } else if (at_ < code_.size() && (code_[at_] == '{' || code_[at_] == '}')) {
        ++at_;
      } else {
        return;
      }
    }
  }
  /// import x, from x import y, use x, require 'x': nothing is printed. Not Perl's `use` of a block of code.
  bool skip_import() {
    static constexpr std::string_view kImports[] = {"import ",  "from ",  "use ",
                                                    "require ", "const ", "<?php"};
    const std::string_view rest = code_.substr(at_);
    const auto fits = [rest](std::string_view word) { return rest.starts_with(word); };
    if (std::none_of(std::begin(kImports), std::end(kImports), fits)) return false;
    const std::string_view line = rest.substr(0, rest.find_first_of(";\n"));
    if (line.starts_with("const ") && line.find("require(") == std::string_view::npos) return false;
    if (line.find_first_of("{`") != std::string_view::npos && !line.starts_with("const ")) return false;
    at_ += line.size();
    return true;
  }

  std::string_view name() {
    const size_t start = at_;
    while (at_ < code_.size() &&
           (std::isalnum(static_cast<unsigned char>(code_[at_])) != 0 || code_[at_] == '_' ||
            code_[at_] == '.' || (at_ == start && code_[at_] == '$')))
      ++at_;
    return code_.substr(start, at_ - start);
  }

  bool statement() {
    const std::string_view called = name();
    const auto* printer = std::find_if(std::begin(kPrinters), std::end(kPrinters), [&](const Printer& p) {
      return p.style == style_.style && p.name == called;
    });
    if (printer == std::end(kPrinters)) return false;
    skip_blanks();
    const bool brackets = at_ < code_.size() && code_[at_] == '(' && closes_statement();
    if (brackets) ++at_;
    std::string line, end(printer->end);
    for (bool first = true;; first = false) {
      skip_blanks();
      if (!first && style_.style == CodeStyle::python && code_.substr(at_).starts_with("end=")) {
        at_ += 4;
        const Text given = text();
        if (!given) return false;
        end = *given;
      } else {
        const Text part = text();
        if (!part) return false;
        line += (first ? std::string_view() : style_.separator);
        line += *part;
      }
      skip_blanks();
      if (at_ >= code_.size() || code_[at_] != ',') break;
      ++at_;
    }
    if (brackets && !take(')')) return false;
    skip_blanks();
    if (at_ < code_.size() && std::string_view(";\n}").find(code_[at_]) == std::string_view::npos)
      return false;
    printed_ = true;
    out_ += line + (style_.style == CodeStyle::ruby && end == "\n" && line.ends_with('\n') ? "" : end);
    return true;
  }

  /// Whether the bracket at hand holds all the arguments: print("a"), not print ("a").chr(1).
  bool closes_statement() const {
    int depth = 0;
    char quote = 0;
    for (size_t i = at_; i < code_.size(); ++i) {
      const char c = code_[i];
      if (quote != 0) {
        if (c == '\\') ++i;
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        const size_t next = code_.find_first_not_of(" \t", i + 1);
        return next == std::string_view::npos ||
               std::string_view(";\n}").find(code_[next]) != std::string_view::npos;
      }
    }
    return false;
  }

  bool take(char c) {
    skip_blanks();
    if (at_ >= code_.size() || code_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// Perl's ^ between two texts binds less than their joining.
  Text text() {
    if (++depth_ > kDeepest) return std::nullopt;
    Text left = joined();
    while (left && style_.style == CodeStyle::perl && take('^')) {
      const Text right = joined();
      if (!right) return std::nullopt;
      left->resize(std::max(left->size(), right->size()));
      for (size_t i = 0; i < right->size(); ++i) (*left)[i] = static_cast<char>((*left)[i] ^ (*right)[i]);
    }
    --depth_;
    return left;
  }

  Text joined() {
    Text left = repeated();
    while (left && left->size() <= kMostPrinted) {
      skip_blanks();
      if (style_.joins.empty()) {
        if (at_ >= code_.size() || (code_[at_] != '"' && code_[at_] != '(')) return left;
      } else {
        if (!code_.substr(at_).starts_with(style_.joins)) return left;
        at_ += style_.joins.size();
      }
      skip_blanks();
      const Text right = repeated();
      if (!right) return std::nullopt;
      *left += *right;
    }
    return left;
  }

  /// "ab" * 2, 'ab' x 2
  Text repeated() {
    Text base = term();
    if (!base) return base;
    skip_blanks();
    const bool star = style_.style == CodeStyle::python || style_.style == CodeStyle::ruby;
    const std::string_view sign = star ? "*" : style_.style == CodeStyle::perl ? "x" : "";
    if (sign.empty() || !code_.substr(at_).starts_with(sign)) return base;
    ++at_;
    skip_blanks();
    const std::optional<size_t> times = number();
    if (!times || *times * base->size() > kMostPrinted) return std::nullopt;
    std::string out;
    for (size_t i = 0; i < *times && !base->empty(); ++i) out += *base;
    return out;
  }

  std::optional<size_t> number() {
    int radix = 10;
    if (code_.substr(at_).starts_with("0x")) at_ += 2, radix = 16;
    size_t value = 0;
    const size_t start = at_;
    for (; at_ < code_.size() && std::isxdigit(static_cast<unsigned char>(code_[at_])) != 0; ++at_) {
      const int digit = std::isdigit(static_cast<unsigned char>(code_[at_])) != 0
                            ? code_[at_] - '0'
                            : std::tolower(static_cast<unsigned char>(code_[at_])) - 'a' + 10;
      if (digit >= radix || value > 1'000'000) return std::nullopt;
      value = value * static_cast<size_t>(radix) + static_cast<size_t>(digit);
    }
    return at_ == start ? std::nullopt : std::optional<size_t>(value);
  }

  Text term() {
    skip_blanks();
    if (at_ >= code_.size()) return std::nullopt;
    Text out;
    const char c = code_[at_];
    const bool prefixed = style_.style == CodeStyle::python && at_ + 1 < code_.size() &&
                          (c == 'b' || c == 'r' || c == 'u') &&
                          (code_[at_ + 1] == '"' || code_[at_ + 1] == '\'');
    if (prefixed) ++at_;
    if (prefixed || c == '"' || c == '\'') {
      out = literal(prefixed && c == 'r');
    } else if (c == '(') {
      ++at_;
      out = text();
      if (out && !take(')')) return std::nullopt;
    } else {
      out = call();
    }
    while (out && method(*out)) {
    }
    return broken_ ? std::nullopt : out;
  }

  Text literal(bool raw) {
    const char quote = code_[at_];
    if (code_.substr(at_).starts_with(std::string(3, quote))) return std::nullopt;
    std::string body;
    for (++at_; at_ < code_.size() && code_[at_] != quote; ++at_) {
      if (quote == '"' && style_.interpolates && holds_variable()) return std::nullopt;
      if (code_[at_] == '\\' && at_ + 1 < code_.size()) body += code_[at_++];
      body += code_[at_];
    }
    if (at_ >= code_.size()) return std::nullopt;
    ++at_;
    const bool plain = quote == '\'' && style_.interpolates;  // only \\ and \' mean something
    if (!plain) return raw ? body : unescape(body);
    std::string out;
    for (size_t i = 0; i < body.size(); ++i) {
      if (body[i] == '\\' && i + 1 < body.size() && (body[i + 1] == '\\' || body[i + 1] == '\'')) ++i;
      out += body[i];
    }
    return out;
  }

  bool holds_variable() const {
    const std::string_view rest = code_.substr(at_, 2);
    if (style_.style == CodeStyle::ruby) return rest == "#{";
    return rest.size() == 2 && (rest[0] == '$' || (rest[0] == '@' && style_.style == CodeStyle::perl)) &&
           (std::isalpha(static_cast<unsigned char>(rest[1])) != 0 || rest[1] == '{' || rest[1] == '_');
  }

  Text call() {
    const std::string_view called = name();
    if (called == "reverse" || called == "scalar") {  // Perl
      skip_blanks();
      const Text of = term();
      return of && called == "reverse" ? Text(std::string(of->rbegin(), of->rend())) : of;
    }
    if (!take('(')) return std::nullopt;
    Text out;
    if (among(kChr, called)) {
      out = characters();
    } else if (const bool hex = among(kHex, called); hex || among(kBase64, called)) {
      const Text coded = text();
      if (coded) out = hex ? decode_hex(*coded) : decode_base64(*coded);
    } else if (among(kReverse, called)) {
      out = text();
      if (out) std::reverse(out->begin(), out->end());
    }
    return out && take(')') ? out : std::nullopt;
  }

  Text characters() {
    std::string out;
    do {
      skip_blanks();
      const std::optional<size_t> code = number();
      if (!code || *code > 127) return std::nullopt;
      out += static_cast<char>(*code);
    } while (take(','));
    return out;
  }

  /// .decode(), .reverse, [::-1] behind a text. False: none of these; what is another is not known.
  bool method(std::string& value) {
    const std::string_view rest = code_.substr(at_);
    if (rest.starts_with("[::-1]") && style_.style == CodeStyle::python) {
      std::reverse(value.begin(), value.end());
      at_ += 6;
      return true;
    }
    const bool dot =
        rest.size() > 1 && rest[0] == '.' && std::isalpha(static_cast<unsigned char>(rest[1])) != 0;
    if (!dot || style_.joins == ".") return false;
    ++at_;
    const std::string_view called = name();
    const bool turns = called == "reverse";
    broken_ = broken_ || !(turns || among(kSame, called));
    if (turns) std::reverse(value.begin(), value.end());
    if (at_ < code_.size() && code_[at_] == '(') {
      const size_t end = code_.find(')', at_);
      broken_ = broken_ || end == std::string_view::npos;
      at_ = std::min(end, code_.size() - 1) + 1;
    }
    return !broken_;
  }

  std::string_view code_;
  const Style& style_;
  size_t at_ = 0;
  int depth_ = 0;
  bool printed_ = false, broken_ = false;
  std::string out_;
};

}  // namespace

std::optional<std::string> constant_print(std::string_view code, CodeStyle style) {
  for (const Style& s : kStyles)
    if (s.style == style) return Reader(code, s).read();
  return std::nullopt;
}

}  // namespace cmdai::commands
