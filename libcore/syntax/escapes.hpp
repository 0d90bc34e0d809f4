#pragma once
// Backslash escapes of $'…' (bash, zsh) and of fish words.
#include <string>
#include <string_view>

#include "libcore/base/dialect.hpp"

namespace cmdai::syntax {

/// Decodes the body of $'…'. bash ends the string at \0; zsh keeps the NUL and drops the backslash of unknown
/// escapes. \u and \U are not known to bash before 4.2.
std::string decode_ansi_c(std::string_view body, const Dialect& dialect);

/// Appends the UTF-8 encoding of a code point (up to U+7FFFFFFF is tolerated as the shells do; beyond:
/// nothing).
void append_utf8(std::string& out, uint32_t code_point);

/// 0..15 of a hexadecimal digit; 99 for anything else.
int digit_value(char c);

/// Reads up to `most` digits of `base` at body[at…], advancing `at`. false: no digit there.
bool read_number(std::string_view body, size_t& at, size_t most, uint32_t base, uint32_t& value);

}  // namespace cmdai::syntax
