#pragma once
// Names of hosts beyond ASCII as they go over the wire: the decoder of RFC 3492, section 6.2. GNU libidn2
// would bring a table of all Unicode and libunistring for what is these forty lines; what a name may hold is
// judged elsewhere.
#include <optional>
#include <string>
#include <string_view>

namespace cmdai {

/// What stands behind `xn--`; nothing: it is not the encoding of any text. Labels have at most 63 bytes.
std::optional<std::u32string> decode_punycode(std::string_view encoded);

}  // namespace cmdai
