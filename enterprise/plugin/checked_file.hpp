#pragma once
// Small state files that tell when a bit of them has turned: a first line with the file's kind and the hash
// of all that follows it.
#include <string>
#include <string_view>

#include "enterprise/plugin/disk.hpp"

namespace cmdai::device {

/// The bytes behind the first line. Problem::Kind::damaged: it is there, and not as it was written.
Result<std::string> read_checked(Disk& disk, const std::string& name, std::string_view kind);

/// Written beside, synced, renamed. What was put together in memory is wiped (it may hold keys).
Result<void> write_checked(Disk& disk, const std::string& name, std::string_view kind, std::string_view body);

/// The parts of the above that know no disk.
std::string with_check(std::string_view kind, std::string_view body);
Result<std::string> without_check(std::string_view kind, std::string text);

}  // namespace cmdai::device
