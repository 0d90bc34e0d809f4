#include "daemon/host/processes.hpp"

#include <fmt/format.h>

#include "daemon/host/files.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::host {

std::string process_birth(pid_t pid) {
  // proc_pid_stat(5): `pid (name) state …`; the name may hold anything, field 22 is the 20th behind it.
  const Result<std::string> stat = read_file(fmt::format("/proc/{}/stat", pid), 4096);
  if (!stat || stat->rfind(')') == std::string::npos) return {};
  const std::vector<std::string> rest = words_in(std::string_view(*stat).substr(stat->rfind(')') + 1));
  return rest.size() > 19 ? rest[19] : std::string();
}

}  // namespace cmdai::host
