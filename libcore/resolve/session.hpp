#pragma once
// What is known about the shell session a line runs in. Empty maps mean "nothing known", not "nothing set".
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libcore/base/dialect.hpp"

namespace cmdai::resolve {

struct Session {
  Dialect dialect;
  std::string cwd;   ///< absolute; empty = unknown
  std::string home;  ///< absolute; empty = unknown
  std::string user;  ///< login name; empty = unknown
  std::map<std::string, std::string, std::less<>> variables;
  std::map<std::string, std::string, std::less<>> aliases;         ///< name -> replacement text
  std::map<std::string, std::string, std::less<>> global_aliases;  ///< zsh alias -g
  std::map<std::string, std::string, std::less<>> functions;       ///< name -> body text
};

}  // namespace cmdai::resolve
