#pragma once
// Which descriptors of the shell are connections: exec 3>/dev/tcp/HOST/PORT, exec {fd}<>…, exec 4>&3.
#include <map>
#include <string>
#include <vector>

#include "libcore/resolve/invocation.hpp"

namespace cmdai::commands {

class Sockets {
 public:
  /// `stays`: exec without a program. Others keep what they open for themselves, but for {name}>…, whose
  /// numbers nobody else has: bash(1), REDIRECTION.
  void note(const resolve::ResolvedRedirect& r, bool stays);
  /// HOST/PORT a redirect leads to; nullptr: to none that is known. Good until the next note.
  const std::string* behind(const resolve::ResolvedRedirect& r) const;
  /// The same for /dev/fd/3, /proc/self/fd/3 and /dev/tcp/HOST/PORT.
  const std::string* at_path(const std::string& path) const;
  /// A call of socat whose FD:n are such connections, with their addresses. Empty: it has none.
  std::vector<resolve::Argument> socat_addresses(const resolve::Invocation& call) const;

 private:
  std::map<std::string, std::string, std::less<>> open_;
  mutable std::string named_;
};

}  // namespace cmdai::commands
