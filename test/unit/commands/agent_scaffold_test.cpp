// What agents put around their commands, and what only looks like it.
#include "libcore/commands/agent_scaffold.hpp"

#include <doctest/doctest.h>

#include <string>

using cmdai::commands::unwrap_scaffold;

namespace {

std::string command_in(std::string_view text) {
  const auto found = unwrap_scaffold(text);
  return found ? found->command : "none";
}

constexpr std::string_view kGemini =
    "shopt -u promptvars nullglob extglob nocaseglob dotglob; _bgpids_file='/tmp/gemini-a1/bg.tmp'\n(\n"
    "  trap 'jobs -p > \"$_bgpids_file\"' EXIT\nls -la\ngit status\n)\n__code=$?\nexit $__code";
constexpr std::string_view kCodex =
    "if . '/home/u/.codex/shell_snapshots/a.sh' >/dev/null 2>&1; then :; fi\n\nexec '/bin/bash' -c 'ls -la'";

}  // namespace

TEST_CASE("the command in an agent's scaffold") {
  CHECK(command_in("source /home/u/.claude/shell-snapshots/snapshot-bash-1-a.sh || true && shopt -u extglob "
                   "2>/dev/null || true && "
                   "eval 'ls -la' < /dev/null && pwd -P >| /tmp/claude-1a2b-cwd") == "ls -la");
  CHECK(command_in("source /home/u/s.sh 2>/dev/null || true && \\builtin setopt NO_EXTENDED_GLOB "
                   "NO_BARE_GLOB_QUAL NO_BRACE_CCL "
                   "NO_MAGIC_EQUAL_SUBST NO_EQUALS 2>/dev/null || true && eval 'git commit -m '\\''x'\\''' "
                   "&& pwd -P >| /tmp/c") == "git commit -m 'x'");
  CHECK(command_in("eval 'echo '\"'\"'a'\"'\"'' < /dev/null && pwd -P >| '/tmp/a b'") == "echo 'a'");
  CHECK(command_in("eval ls < /dev/null && pwd -P >| /tmp/c") == "ls");
  CHECK(command_in(kGemini) == "ls -la\ngit status");
  CHECK(command_in(kCodex) == "ls -la");
  CHECK(unwrap_scaffold(kCodex)->starts_shell);
  CHECK(!unwrap_scaffold(kGemini)->starts_shell);
}

TEST_CASE("what is no scaffold") {
  for (const char* text :
       {"", "ls", "eval 'ls'", "eval 'ls' && pwd -P >| /tmp/c; rm -rf ~",
        "rm -rf ~; eval 'ls' && pwd -P >| /tmp/c",
        "source \"$(rm -rf ~)\" || true && eval 'ls' && pwd -P >| /tmp/c", "eval \"$X\" && pwd -P >| /tmp/c",
        "eval 'ls' && pwd -P >| $(rm x)", "eval 'ls' && pwd -P >| /tmp/c\nrm x",
        "eval 'ls && pwd -P >| /tmp/c", "source a || true && source b; eval 'ls' && pwd -P >| /tmp/c",
        "exec '/bin/bash' -c 'ls'", ". /x/shell_snapshots/a\nexec '/bin/bash' -c 'ls' x",
        ". /x/shell_snapshots/a\nexec '/bin/bash' -c \"$X\"",
        "_bgpids_file=a\n(\n  trap 'jobs -p > \"$_bgpids_file\"' EXIT\nls\n)\n__code=$?\nexit $__code; ls"}) {
    CAPTURE(text);
    CHECK(command_in(text) == "none");
  }
}

TEST_CASE("every beginning of a scaffold ends in a finding or in none") {
  for (const std::string_view whole : {kGemini, kCodex})
    for (size_t size = 0; size < whole.size(); ++size) CHECK(!unwrap_scaffold(whole.substr(0, size)));
}
