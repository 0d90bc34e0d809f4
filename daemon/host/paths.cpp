#include "daemon/host/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace cmdai::host {
namespace {

std::string directory(const char* variable, const std::string& home, const char* otherwise) {
  const char* value = std::getenv(variable);
  // The specification: a relative path is to be ignored.
  if (value != nullptr && value[0] == '/') return std::string(value) + "/cmdai";
  return home + otherwise + "/cmdai";
}

}  // namespace

Paths paths_from_environment() {
  Paths out;
  const passwd* account = getpwuid(getuid());
  if (account != nullptr) out.user = account->pw_name;
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/')
    out.home = home;
  else if (account != nullptr)
    out.home = account->pw_dir;
  while (out.home.size() > 1 && out.home.back() == '/') out.home.pop_back();
  out.config = directory("XDG_CONFIG_HOME", out.home, "/.config");
  out.state = directory("XDG_STATE_HOME", out.home, "/.local/state");
  return out;
}

}  // namespace cmdai::host
