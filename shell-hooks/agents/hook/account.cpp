#include "shell-hooks/agents/hook/account.hpp"

#include <unistd.h>

#include <string>

#include "daemon/host/files.hpp"
#include "libcore/base/text.hpp"

namespace cmdai::agents {

std::string login_shell() {
  const std::string text = host::read_file("/etc/passwd").value_or(std::string());
  const std::string uid = std::to_string(getuid());
  for (const std::string& line : words_in(text, "\n")) {
    // name:password:uid:gid:comment:home:shell (passwd(5)); fields may be empty
    const size_t id = line.find(':', line.find(':') + 1) + 1;
    if (id == 0 || line.compare(id, uid.size() + 1, uid + ':') != 0) continue;
    return line.substr(line.rfind(':') + 1);
  }
  return {};
}

}  // namespace cmdai::agents
