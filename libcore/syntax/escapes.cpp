#include "libcore/syntax/escapes.hpp"

namespace cmdai::syntax {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

bool read_number(std::string_view body, size_t& at, size_t most, uint32_t base, uint32_t& value) {
  const size_t start = at;
  value = 0;
  while (at < body.size() && at - start < most && digit_value(body[at]) < static_cast<int>(base))
    value = value * base + static_cast<uint32_t>(digit_value(body[at++]));
  return at > start;
}

void append_utf8(std::string& out, uint32_t c) {
  const auto put = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
  if (c < 0x10000) return put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
  if (c < 0x200000)
    return put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
           put(0x80 | (c & 0x3F));
}

std::string decode_ansi_c(std::string_view body, const Dialect& dialect) {
  std::string out;
  const bool zsh = dialect.shell == Shell::zsh;
  const bool unicode = zsh || dialect.version == 0 || dialect.version >= 402;
  for (size_t i = 0; i < body.size();) {
    if (body[i] != '\\' || i + 1 == body.size()) {
      out += body[i++];
      continue;
    }
    const char c = body[i + 1];
    i += 2;
    uint32_t value = 0;
    switch (c) {
      case 'a': out += '\a'; continue;
      case 'b': out += '\b'; continue;
      case 'e':
      case 'E': out += '\x1b'; continue;
      case 'f': out += '\f'; continue;
      case 'n': out += '\n'; continue;
      case 'r': out += '\r'; continue;
      case 't': out += '\t'; continue;
      case 'v': out += '\v'; continue;
      case '\\':
      case '\'':
      case '"': out += c; continue;
      case '?': out += '?'; continue;
      case 'x':
        if (!zsh && i < body.size() && body[i] == '{') {  // bash: \x{h…}
          size_t at = i + 1;
          if (read_number(body, at, 8, 16, value) && at < body.size() && body[at] == '}') {
            i = at + 1;
            break;
          }
        }
        if (!read_number(body, i, 2, 16, value)) {
          out += "\\x";
          continue;
        }
        break;
      case 'u':
      case 'U':
        if (!unicode || !read_number(body, i, c == 'u' ? 4 : 8, 16, value)) {
          out += '\\';
          out += c;
          continue;
        }
        append_utf8(out, value);
        continue;
      case 'c':
        if (zsh || i == body.size()) {
          out += zsh ? "c" : "\\c";
          continue;
        }
        value = static_cast<uint32_t>(body[i++] & 0x1f);
        break;
      default:
        if (c >= '0' && c <= '7') {
          --i;
          read_number(body, i, 3, 8, value);
          value &= 0xff;
          break;
        }
        if (!zsh) out += '\\';
        out += c;
        continue;
    }
    if (value == 0 && !zsh) return out;  // bash: the rest of the string is dropped
    out += static_cast<char>(value);
  }
  return out;
}

}  // namespace cmdai::syntax
