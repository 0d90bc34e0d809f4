#pragma once
// Small decoders for constant arguments: what `base64 -d` and its like would print. nullopt: not valid input.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/resolve/value.hpp"

namespace cmdai::commands {

std::optional<std::string> decode_base64(std::string_view text);
std::optional<std::string> decode_base32(std::string_view text);
std::optional<std::string> decode_hex(std::string_view text);
/// echo -e and printf escapes.
std::string unescape(std::string_view text);
/// tr SET1 SET2, ranges and classes of letters and digits.
std::string translate(std::string_view text, std::string_view from, std::string_view to, bool remove);
/// printf with %s %b %d %c %x %% and the format reused while arguments last (bounded).
resolve::Value format_printf(std::string_view format, const std::vector<resolve::Value>& arguments);

}  // namespace cmdai::commands
