#include "libcore/commands/shell_setup.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "libcore/base/text.hpp"

namespace cmdai::commands {
namespace {

struct Setup {
  std::string_view program;
  std::string_view verbs;  ///< blank-separated first operands or options; "": always
};
constexpr Setup kSetup[] = {
    {"ssh-agent", ""},
    {"dircolors", ""},
    {"lesspipe", ""},
    {"keychain", ""},
    {"gnome-keyring-daemon", ""},
    {"resize", ""},
    {"brew", "shellenv"},
    {"direnv", "hook export"},
    {"starship", "init"},
    {"zoxide", "init"},
    {"atuin", "init"},
    {"pyenv", "init virtualenv-init"},
    {"rbenv", "init"},
    {"nodenv", "init"},
    {"goenv", "init"},
    {"jenv", "init"},
    {"fnm", "env"},
    {"mise", "activate hook-env"},
    {"rtx", "activate"},
    {"opam", "env config"},
    {"thefuck", "--alias"},
    {"conda", "shell.bash shell.zsh shell.posix"},
    {"docker-machine", "env"},
    {"minikube", "docker-env podman-env"},
    {"register-python-argcomplete", ""},
    {"luarocks", "path"},
    {"fzf", "--bash --zsh --fish"},
    {"oh-my-posh", "init"},
    {"cmdai", "init"},
    {"cs", "setup"},
};

}  // namespace

bool prints_shell_setup(const resolve::Invocation& invocation) {
  if (invocation.program.empty() || invocation.argv.empty()) return false;
  const std::string_view program = invocation.program;
  const std::string verb =
      invocation.argv.size() > 1 ? invocation.argv[1].value.with_holes_empty() : std::string();
  if (verb == "completion" || verb == "completions") return true;
  for (const Setup& s : kSetup) {
    if (s.program[0] != program[0] || s.program != program) continue;
    if (s.verbs.empty()) return true;
    const std::vector<std::string> verbs = words_in(s.verbs);
    if (std::find(verbs.begin(), verbs.end(), verb) != verbs.end()) return true;
  }
  return false;
}

bool prints_nothing(const resolve::Invocation& invocation) {
  static constexpr std::string_view kSilent[] = {
      "mkdir", "rmdir", "rm",    "touch", "cp",     "mv",    "ln",     "chmod",    "chown",
      "cd",    "true",  "false", ":",     "sleep",  "wait",  "kill",   "unset",    "shift",
      "test",  "[",     "read",  "exit",  "return", "local", "mkfifo", "truncate", "install"};
  if (!among(kSilent, invocation.program)) return false;
  return std::none_of(invocation.argv.begin() + 1, invocation.argv.end(), [](const resolve::Argument& a) {
    const std::string word = a.value.prefix();
    return word.starts_with("-v") || word == "--verbose" || word == "--help" || word == "--version";
  });
}

}  // namespace cmdai::commands
