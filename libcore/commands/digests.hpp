#pragma once
// md5sum and its like, of texts that are known: a digest of a constant is a constant, and its letters can
// spell a command.
#include <optional>
#include <string>
#include <string_view>

namespace cmdai::commands {

/// In lower-case hexadecimal. `program`: md5sum, sha1sum, sha256sum, sha512sum; nullopt for any other.
std::optional<std::string> hex_digest(std::string_view program, std::string_view text);

}  // namespace cmdai::commands
