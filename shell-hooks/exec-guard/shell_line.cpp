#include "shell-hooks/exec-guard/shell_line.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::exec_guard {
namespace {

constexpr std::string_view kSystemFolders[] = {
    "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin"};
/// A program may be called like these; unquoted they are the shell's.
constexpr std::string_view kReserved[] = {
    "if",   "then", "else", "elif",     "fi",     "for",    "in", "do", "done", "while",  "until", "case",
    "esac", "time", "!",    "function", "select", "coproc", "[[", "{",  "}",    "repeat", "end"};

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string quoted_word(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out += '\'';
}

std::string shell_line(std::string_view program, std::span<const std::string> argv) {
  // NAME=VALUE at the beginning would be an assignment.
  const bool misread = program.find('=') != std::string_view::npos || among(kReserved, program);
  std::string out = quoted_word(program);
  if (misread && !out.starts_with('\'')) out = '\'' + out + '\'';
  for (size_t i = 1; i < argv.size(); ++i) out.append(" ").append(quoted_word(argv[i]));
  return out;
}

std::string program_word(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "./" + std::string(path);
  const bool system = slash > 0 && among(kSystemFolders, path.substr(0, slash));
  return std::string(system && slash + 1 < path.size() ? path.substr(slash + 1) : path);
}

std::string other_name(std::string_view path, std::string_view argument_zero) {
  std::string_view said = base_name(argument_zero);
  if (said.starts_with('-')) said.remove_prefix(1);
  return said.empty() || said == base_name(path) ? std::string() : std::string(said);
}

}  // namespace cmdai::exec_guard
