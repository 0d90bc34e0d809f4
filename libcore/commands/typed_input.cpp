#include "libcore/commands/typed_input.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr std::string_view kEditors[] = {"vi",    "vim",   "nvim", "nano", "pico",
                                         "micro", "emacs", "joe",  "ne",   "mcedit"};
/// Languages and clients that ask for the next line.
constexpr std::string_view kTalkers[] = {
    "python", "python2", "python3", "ipython", "pypy3", "node",      "deno",      "bun",    "irb",
    "php",    "lua",     "luajit",  "tclsh",   "wish",  "expect",    "jjs",       "jshell", "julia",
    "R",      "octave",  "iex",     "erl",     "guile", "sbcl",      "clisp",     "ghci",   "psql",
    "mysql",  "mariadb", "sqlite3", "mongosh", "mongo", "redis-cli", "terraform", "ed",     "ex",
    "perl",   "ruby",    "cqlsh",   "duckdb",  "tofu",  "gdb",       "lldb",      "ftp",    "tnftp",
    "lftp",   "sftp",    "less",    "more",    "man",   "elvish",    "smbclient"};

/// How a program is told to start a shell: gdb(1) shell and !, less(1), vi(1). Others read it themselves.
struct Escape {
  std::string_view programs, sign;
};
constexpr Escape kEscapes[] = {
    {"gdb", "shell "},
    {"gdb lldb less more man", "!"},
    {"lldb", "platform shell "},
    {"vi vim nvim less", ":!"},
};

bool is_named(std::string_view list, std::string_view name) {
  for (const std::string& one : words_in(list, " "))
    if (one == name) return true;
  return false;
}

/// The text a call stands in, where the program it starts reads on in it.
const std::string* read_along(const resolve::Invocation& invocation, const resolve::Evaluator& evaluator) {
  const resolve::SourceText& source = evaluator.sources()[invocation.place.source];
  const resolve::Input& input = invocation.input;
  const bool typed = invocation.place.source == 0 && input.kind == resolve::Input::Kind::inherited;
  const bool fed = source.name == kReadAlong && input.kind == resolve::Input::Kind::text &&
                   input.data.pieces().empty() && input.producers.empty();
  return typed || fed ? &source.text : nullptr;
}

}  // namespace

std::vector<std::string> shell_lines(std::string_view program, std::string_view typed) {
  std::vector<std::string> out;
  for (const Escape& escape : kEscapes) {
    if (!is_named(escape.programs, program)) continue;
    for (const std::string& line : words_in(typed, "\n")) {
      const std::string_view text = trimmed(line, " \t\r");
      if (text.starts_with(escape.sign)) out.emplace_back(text.substr(escape.sign.size()));
    }
  }
  return out;
}

bool is_editor(std::string_view program) { return among(kEditors, program); }

std::optional<std::string> typed_behind(const resolve::Invocation& invocation,
                                        resolve::Evaluator& evaluator) {
  if (invocation.output_piped || invocation.background || !invocation.context.empty() ||
      evaluator.in_script() || !(among(kTalkers, invocation.program) || is_editor(invocation.program)))
    return std::nullopt;
  const std::string* source = read_along(invocation, evaluator);
  if (source == nullptr) return std::nullopt;
  const std::string_view text = *source;
  const size_t end = text.find_first_not_of(" \t;", invocation.place.range.end);
  if (end == std::string_view::npos || text[end] != '\n') return std::nullopt;
  const std::string_view rest = text.substr(end + 1);
  if (trimmed(rest, " \t\r\n").empty() || !evaluator.spend(1 + rest.size() / 16)) return std::nullopt;
  return std::string(rest);
}

}  // namespace cmdai::commands
