#include "enterprise/plugin/machine.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

namespace cmdai::device {

std::string os_text() {
  utsname about{};
  if (::uname(&about) != 0) return "unknown";
  std::string name = fmt::format("{} {}", about.sysname, about.release);
  const auto release = read_small_file("/etc/os-release");
  constexpr std::string_view kKey = "PRETTY_NAME=\"";
  if (!release) return name;
  const size_t at = release->find(kKey);
  if (at == std::string::npos) return name;
  const size_t begin = at + kKey.size();
  const size_t end = release->find('"', begin);
  return end == std::string::npos ? name : release->substr(begin, end - begin);
}

Machine machine_of(const plugin::Host& host) {
  Machine machine;
  machine.host = host.host_name();
  machine.os = os_text();
  machine.user = host.user();
  machine.boot_id = host.boot_id();
  machine.daemon_version = host.daemon();
  machine.daemon_sha256 = host.daemon_sha256();
  machine.uid = host.uid();
  machine.last_event = host.last_event();
  return machine;
}

}  // namespace cmdai::device
