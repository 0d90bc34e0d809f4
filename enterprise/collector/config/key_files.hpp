#pragma once
// Keys on the disk: one line `cmdai-key-v1 ROLE SEED`, 0600. The role stands in the file, so that no key is
// taken for another.
#include <string>

#include "enterprise/collector/base/result.hpp"
#include "enterprise/protocol/keys.hpp"

namespace cmdai::collector {

/// Writes a new file (conflict: there is one), fsynced.
Done write_new_file(const std::string& file, std::string_view bytes, unsigned mode);
/// Write, fsync, rename.
Done replace_file(const std::string& file, std::string_view bytes, unsigned mode);
Result<std::string> read_file(const std::string& file, std::size_t limit);

Done write_key(const std::string& file, std::string_view role, const wire::Key32& seed);
/// invalid: not such a file, of another role, or readable by others.
Result<wire::Key32> read_key(const std::string& file, std::string_view role);

}  // namespace cmdai::collector
