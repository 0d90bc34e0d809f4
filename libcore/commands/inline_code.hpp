#pragma once
// A lexer for inline code of scripting languages, good enough to find calls and their literal arguments.
// Comments and strings are respected, so a word that is only mentioned is not a call.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cmdai::commands {

enum class CodeStyle : uint8_t { python, javascript, perl, ruby, php, awk, lua, julia, elixir, erlang, lisp };

struct CodeCall {
  std::string name;                  ///< dotted: os.system, require.execSync
  std::vector<std::string> strings;  ///< literal arguments in order, also inside list brackets
  std::string on;                    ///< first literal of the call it is a method of: Path("f").unlink()
  bool has_arguments = false;
  bool first_is_string = false;  ///< the first argument is a literal (or a list that starts with one)
  bool pasted = false;           ///< literals joined by + or . : one argument
  bool shell_flag = false;       ///< shell=True
  bool takes_arguments = false;  ///< @ARGV, sys.argv …: the words of the command line inside
  bool recursive = false;        ///< recursive: true, recursive=TRUE; (delete-directory d t)
  bool expands_home = false;     ///< expanduser('~'), os.homedir(), Path.home(), $HOME inside
};

/// awk: print "TEXT" | "COMMAND"
struct PipedText {
  std::string text, command;
};

struct CodeSummary {
  std::vector<CodeCall> calls;
  std::vector<std::string> backquoted;  ///< `…`, qx(…), %x(…): run in a shell
  std::vector<PipedText> piped;
  std::vector<std::string> written;  ///< files opened for writing
  std::vector<std::string> read;     ///< files opened for reading
  bool connects = false;             ///< names a socket
  bool dials = false;                ///< opens a connection
  bool spawns_shell = false;         ///< dup2, pty.spawn, "/bin/sh" as a program
  bool fetches = false;              ///< reads a URL
  bool decodes = false;
  bool evaluates = false;  ///< eval, exec, Function, compile
};

/// Bounded by the length of the code; never fails.
CodeSummary scan_code(std::string_view code, CodeStyle style);

}  // namespace cmdai::commands
