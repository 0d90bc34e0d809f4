#include "libcore/commands/decoders.hpp"

#include <array>
#include <cctype>

#include "libcore/syntax/escapes.hpp"

namespace cmdai::commands {
namespace {

using resolve::Value;

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::optional<std::string> decode_radix(std::string_view text, std::string_view alphabet, uint32_t bits) {
  std::string out;
  uint32_t buffer = 0, held = 0;
  for (char c : text) {
    if (c == '\n' || c == '\r' || c == ' ') continue;
    if (c == '=') break;
    if (alphabet.size() == 64 && c == '-') c = '+';
    if (alphabet.size() == 64 && c == '_') c = '/';
    const size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    buffer = buffer << bits | static_cast<uint32_t>(value);
    held += bits;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(buffer >> held & 0xff);
    buffer &= (1U << held) - 1;
  }
  return out;
}

std::string expand_set(std::string_view set) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kClasses{
      {{"[:lower:]", "abcdefghijklmnopqrstuvwxyz"},
       {"[:upper:]", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
       {"[:digit:]", "0123456789"}}};
  const std::string plain = unescape(set);
  std::string out;
  for (size_t i = 0; i < plain.size();) {
    bool named = false;
    for (const auto& [name, members] : kClasses) {
      if (std::string_view(plain).substr(i).starts_with(name)) {
        out += members;
        i += name.size();
        named = true;
        break;
      }
    }
    if (named) continue;
    if (i + 2 < plain.size() && plain[i + 1] == '-' && plain[i] <= plain[i + 2]) {
      for (int c = static_cast<unsigned char>(plain[i]); c <= static_cast<unsigned char>(plain[i + 2]); ++c)
        out += static_cast<char>(c);
      i += 3;
    } else {
      out += plain[i++];
    }
  }
  return out;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) { return decode_radix(text, kBase64, 6); }
std::optional<std::string> decode_base32(std::string_view text) { return decode_radix(text, kBase32, 5); }

std::optional<std::string> decode_hex(std::string_view text) {
  std::string out;
  int high = -1;
  for (char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) continue;
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
    const int value =
        std::isdigit(static_cast<unsigned char>(c)) != 0 ? c - '0' : (std::tolower(c) - 'a' + 10);
    if (high < 0) {
      high = value;
      continue;
    }
    out += static_cast<char>(high * 16 + value);
    high = -1;
  }
  return out;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i++];
      continue;
    }
    const char c = text[i + 1];
    i += 2;
    uint32_t value = 0;
    const size_t start = i;
    switch (c) {
      case 'a': out += '\a'; continue;
      case 'b': out += '\b'; continue;
      case 'e': out += '\x1b'; continue;
      case 'f': out += '\f'; continue;
      case 'n': out += '\n'; continue;
      case 'r': out += '\r'; continue;
      case 't': out += '\t'; continue;
      case 'v': out += '\v'; continue;
      case '\\': out += '\\'; continue;
      case 'x':
        if (syntax::read_number(text, i, 2, 16, value))
          out += static_cast<char>(value);
        else
          out += "\\x";
        continue;
      case 'u':
      case 'U':
        if (syntax::read_number(text, i, c == 'u' ? 4 : 8, 16, value)) syntax::append_utf8(out, value);
        continue;
      default:
        if (c >= '0' && c <= '7') {
          i = start - 1;
          syntax::read_number(text, i, c == '0' ? 4 : 3, 8, value);
          out += static_cast<char>(value & 0xff);
          continue;
        }
        out += '\\';
        out += c;
    }
  }
  return out;
}

std::string translate(std::string_view text, std::string_view from, std::string_view to, bool remove) {
  const std::string a = expand_set(from), b = expand_set(to);
  std::string out;
  for (char c : text) {
    const size_t at = a.find(c);
    if (at == std::string::npos)
      out += c;
    else if (!remove && !b.empty())
      out += at < b.size() ? b[at] : b.back();
  }
  return out;
}

Value format_printf(std::string_view format, const std::vector<Value>& arguments) {
  Value out;
  size_t next = 0;
  constexpr size_t kMostWritten = 256 * 1024;
  size_t written = 0;  // roughly: a format without end times arguments without end
  for (;;) {
    const size_t before = next;
    written += format.size() + 16;
    if (written > kMostWritten) {
      out.append(Value::unknown(resolve::HoleKind::output));
      break;
    }
    std::string literal;
    for (size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%') {
        literal += format[i];
        continue;
      }
      if (i + 1 < format.size() && format[i + 1] == '%') {
        literal += '%';
        ++i;
        continue;
      }
      size_t end = format.find_first_not_of("-+ #0123456789.*lhqjzt", i + 1);
      if (end == std::string_view::npos) end = format.size() - 1;
      out.append_literal(unescape(literal), false);
      literal.clear();
      const Value argument = next < arguments.size() ? arguments[next] : Value();
      ++next;
      const auto text = argument.text();
      if (!text)
        out.append(argument);
      else if (format[end] == 'b')
        out.append(Value::exact(unescape(*text)));
      else if (format[end] == 'c')
        out.append(Value::exact(text->substr(0, 1)));
      else if (format[end] == 's' || format[end] == 'd' || format[end] == 'i' || format[end] == 'u' ||
               format[end] == 'q')
        out.append(argument);
      else
        out.append(Value::unknown(resolve::HoleKind::output));
      out.taint = out.taint | argument.taint;
      i = end;
    }
    out.append_literal(unescape(literal), false);
    if (next >= arguments.size() || next == before) break;
  }
  return out;
}

}  // namespace cmdai::commands
