// What may go to a terminal unchanged, and what must not.
#include <fmt/format.h>

#include "libcore/base/unicode.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::explain {

std::string printable(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (size_t at = 0; at < bytes.size();) {
    const CodePoint c = decode_utf8(bytes, at);
    const std::string_view raw = bytes.substr(at, c.size);
    at += c.size;
    if (!c.valid) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(raw[0]));
      continue;
    }
    switch (char_class(c.value)) {
      case CharClass::plain: out += raw; break;
      case CharClass::blank: out += c.value == '\t' ? "\\t" : "\\n"; break;
      case CharClass::control: out += fmt::format("\\x{:02x}", static_cast<unsigned>(c.value)); break;
      case CharClass::bidi:
      case CharClass::invisible: out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(c.value)); break;
    }
  }
  return out;
}

}  // namespace cmdai::explain
