#pragma once
// What a host of an address is by its letters and digits. Pure text: nothing is looked up.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cmdai::commands {

/// Why a host is not what a reader takes it for.
enum class HostFlaw : uint8_t {
  none,
  foreign_letters,  ///< letters of another alphabet in place of Latin ones
  no_name,          ///< an xn-- label that is the encoding of no name
  encoded,          ///< %61, a backslash, a control character
  hidden_address,   ///< an IPv4 address in octal, hexadecimal or as one number
};

enum class Letter : uint8_t { none, latin, alike, foreign };
/// Of an alphabet other than Latin: one nobody tells from a Latin letter (alike), or another one.
Letter letter_of(char32_t c);
/// The first that is of another alphabet, or imitates a letter, digit or mark.
std::optional<char32_t> foreign_letter(std::string_view host);

/// %61 and the like written out, backslashes and control characters left away.
std::string decoded_host(std::string_view host);

/// xn-- labels decoded, in UTF-8; nothing: one of them does not decode.
std::optional<std::string> shown_host(std::string_view host);

/// The host of an address with a scheme, or, `named`, of what a program takes for a host without one.
HostFlaw flaw_of(std::string_view host);

/// 0x7f000001, 3232235777, 0300.0250.1.1: what inet_aton(3) reads, unless written as people do; "" for
/// others.
std::string hidden_address(std::string_view host);

/// A dotted IPv4 address, or an IPv6 one in brackets.
bool is_address(std::string_view host);

/// This machine, or one that only this network reaches: RFC 1918, 3927, 4193, 6598, 6761, 6762, 8375, and
/// names without a dot.
bool is_near(std::string_view host);

}  // namespace cmdai::commands
