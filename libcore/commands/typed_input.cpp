#include "libcore/commands/typed_input.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

constexpr std::string_view kEditors[] = {"vi",    "vim",   "nvim", "nano", "pico",
                                         "micro", "emacs", "joe",  "ne",   "mcedit"};
/// Languages and clients that ask for the next line.
constexpr std::string_view kTalkers[] = {
    "python",  "python2", "python3",   "ipython",   "pypy3",  "node", "deno",   "bun",   "irb",     "php",
    "lua",     "luajit",  "tclsh",     "wish",      "expect", "jjs",  "jshell", "julia", "R",       "octave",
    "iex",     "erl",     "guile",     "sbcl",      "clisp",  "ghci", "psql",   "mysql", "mariadb", "sqlite3",
    "mongosh", "mongo",   "redis-cli", "terraform", "ed",     "ex",   "perl",   "ruby",  "cqlsh",   "duckdb"};

}  // namespace

bool is_editor(std::string_view program) { return among(kEditors, program); }

std::optional<std::string> typed_behind(const resolve::Invocation& invocation,
                                        resolve::Evaluator& evaluator) {
  if (invocation.input.kind != resolve::Input::Kind::inherited || invocation.place.source != 0 ||
      invocation.output_piped || invocation.background || !invocation.context.empty() ||
      evaluator.in_script() || !(among(kTalkers, invocation.program) || is_editor(invocation.program)))
    return std::nullopt;
  const std::string_view text = evaluator.sources().front().text;
  const size_t end = text.find_first_not_of(" \t;", invocation.place.range.end);
  if (end == std::string_view::npos || text[end] != '\n') return std::nullopt;
  const std::string_view rest = text.substr(end + 1);
  if (trimmed(rest, " \t\r\n").empty() || !evaluator.spend(1 + rest.size() / 16)) return std::nullopt;
  return std::string(rest);
}

}  // namespace cmdai::commands
