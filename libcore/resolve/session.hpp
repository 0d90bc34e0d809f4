#pragma once
// What is known about the shell session a line runs in. Empty maps mean "nothing known", not "nothing set".
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libcore/base/dialect.hpp"
#include "libcore/resolve/memory.hpp"

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
  std::map<std::string, Memory::File, std::less<>> files;  ///< what earlier lines put there, by absolute path
  uint64_t line = 0;                                       ///< how many lines of the session ran before
};

}  // namespace cmdai::resolve
