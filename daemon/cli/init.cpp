// cmdai init, cmdai shell, cmdai completions, cmdai version, cmdai help, cmdai debug.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "daemon/cli/arguments.hpp"
#include "daemon/cli/debug_parse.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/help.hpp"
#include "daemon/cli/hook_scripts.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/policy_store.hpp"
#include "daemon/ipc/socket_path.hpp"

namespace cmdai::cli {
namespace {

constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};

int unknown_shell(std::string_view name) {
  const auto near = nearest(name, std::begin(kShells), std::end(kShells));
  const std::string guess = near.empty() ? "" : fmt::format("did you mean `{}`? ", near);
  return complain(fmt::format("unknown shell `{}`", explain::printable(name)),
                  guess + "there are hooks for bash, zsh and fish", kUsage);
}

bool is_known(std::string_view shell) {
  return std::find(std::begin(kShells), std::end(kShells), shell) != std::end(kShells);
}

/// A folder only we can read, for the rc files of a guarded shell. They remove it themselves.
Result<std::string> private_folder() {
  int error = 0;
  for (const char* variable : {"XDG_RUNTIME_DIR", "TMPDIR", ""}) {
    const char* value = std::getenv(variable);
    std::string folder =
        fmt::format("{}/cmdai-shell-XXXXXX", value != nullptr && value[0] == '/' ? value : "/tmp");
    if (mkdtemp(folder.data()) != nullptr) return folder;
    error = errno;
  }
  return fail(host::file_problem("/tmp",
                                 fmt::format("no temporary folder can be made: {}", std::strerror(error)),
                                 "set `TMPDIR` to a place that can be written"));
}

std::string bash_rc(const std::string& folder) {
  return fmt::format(
      "[ -f /etc/bash.bashrc ] && . /etc/bash.bashrc\n[ -f ~/.bashrc ] && . ~/.bashrc\ncommand rm -rf -- "
      "{}\neval "
      "\"$({} init bash)\"\n",
      quoted(folder, false), quoted(own_path(), false));
}

/// zsh reads .zshenv and .zshrc from ZDOTDIR: ours hand on to the user's own and give ZDOTDIR back.
std::string zsh_env(const std::string& folder, bool had_zdotdir, const std::string& zdotdir) {
  const std::string restore =
      had_zdotdir ? fmt::format("ZDOTDIR={}", quoted(zdotdir, false)) : "unset ZDOTDIR";
  return fmt::format(
      "{}\n[[ -f ${{ZDOTDIR:-$HOME}}/.zshenv ]] && source "
      "${{ZDOTDIR:-$HOME}}/.zshenv\n_cmdai_zdotdir=${{ZDOTDIR-}}\nZDOTDIR={}\n",
      restore, quoted(folder, false));
}

std::string zsh_rc(const std::string& folder, bool had_zdotdir) {
  return fmt::format(
      "{}\nunset _cmdai_zdotdir\n[[ -f ${{ZDOTDIR:-$HOME}}/.zshrc ]] && source "
      "${{ZDOTDIR:-$HOME}}/.zshrc\ncommand rm -rf -- {}\neval \"$({} init zsh)\"\n",
      had_zdotdir ? "ZDOTDIR=$_cmdai_zdotdir"
                  : "if [[ -n $_cmdai_zdotdir ]]; then ZDOTDIR=$_cmdai_zdotdir; else unset ZDOTDIR; fi",
      quoted(folder, false), quoted(own_path(), false));
}

int run_program(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  return complain(fmt::format("`{}` cannot be run: {}", words[0], std::strerror(errno)), "is it installed?",
                  kUsage);
}

std::string default_shell() {
  const char* shell = std::getenv("SHELL");
  const std::string name =
      shell == nullptr ? "bash" : std::string(shell).substr(std::string(shell).rfind('/') + 1);
  return is_known(name) ? name : "bash";
}

}  // namespace

/// What a shell has not, or what does not go together: said, not left out.
struct Misuse {
  std::string_view what, hint;
};
static const Misuse* misuse_of(const Arguments& a) {
  static constexpr Misuse kStrict = {"only zsh has a strict mode", "eval \"$(cmdai init zsh --strict)\""};
  static constexpr Misuse kBuiltin = {"only the hook for bash has a builtin to leave out",
                                      "eval \"$(cmdai init bash --without-builtin)\""};
  static constexpr Misuse kBoth = {
      "`--non-interactive` goes with no other option",
      "the hook and what a shell reads when it is not interactive are two files"};
  if (a.has("strict") && a.operands[0] != "zsh") return &kStrict;
  if (a.has("without-builtin") && a.operands[0] != "bash") return &kBuiltin;
  if (a.has("non-interactive") && (a.has("strict") || a.has("without-builtin"))) return &kBoth;
  return nullptr;
}

int run_init(const Arguments& a) {
  if (a.operands.size() != 1)
    return complain("name one shell: bash, zsh or fish", "eval \"$(cmdai init bash)\"", kUsage);
  if (!is_known(a.operands[0])) return unknown_shell(a.operands[0]);
  if (hook_client_path().empty())
    return complain("`cmdai-hook` was not found beside this installation",
                    "install again: sudo meson install -C build", kUsage);
  if (const Misuse* wrong = misuse_of(a))
    return complain(std::string(wrong->what), std::string(wrong->hint), kUsage);
  if (a.has("strict"))
    print(strict_script());
  else if (a.has("non-interactive"))
    print(start_script(a.operands[0]));
  else
    print(hook_script(a.operands[0], !a.has("without-builtin")));
  return kDone;
}

int run_shell(const Arguments& a) {
  const std::string shell = a.operands.empty() ? default_shell() : a.operands[0];
  if (a.operands.size() > 1 || !is_known(shell)) return unknown_shell(shell);
  setenv("CMDAI_SHELL", "1", 1);
  // A shell of its own, not the one we were started from.
  unsetenv("CMDAI_SESSION");
  if (shell == "fish")
    return run_program({"fish", "-C", fmt::format("{} init fish | source", quoted(own_path(), true))});
  const Result<std::string> folder = private_folder();
  if (!folder) return complain(folder.error(), kUsage);
  if (shell == "bash") {
    const std::string rc = *folder + "/bashrc";
    if (auto written = host::write_file(rc, bash_rc(*folder)); !written)
      return complain(written.error(), kUsage);
    return run_program({"bash", "--rcfile", rc, "-i"});
  }
  const char* zdotdir = std::getenv("ZDOTDIR");
  if (auto written = host::write_file(
          *folder + "/.zshenv", zsh_env(*folder, zdotdir != nullptr, zdotdir == nullptr ? "" : zdotdir));
      !written)
    return complain(written.error(), kUsage);
  if (auto written = host::write_file(*folder + "/.zshrc", zsh_rc(*folder, zdotdir != nullptr)); !written)
    return complain(written.error(), kUsage);
  setenv("ZDOTDIR", folder->c_str(), 1);
  return run_program({"zsh", "-i"});
}

int run_completions(const Arguments& a) {
  if (a.operands.size() != 1)
    return complain("name one shell: bash, zsh or fish", "eval \"$(cmdai completions bash)\"", kUsage);
  if (!is_known(a.operands[0])) return unknown_shell(a.operands[0]);
  print(completions(a.operands[0]));
  return kDone;
}

int run_version(const Arguments&) {
  print(fmt::format("cmdai {}\n", CMDAI_VERSION));
  return kDone;
}

int run_help(const Arguments& a) {
  if (a.operands.empty()) return print(overview()), kDone;
  const std::string words = fmt::format("{}", fmt::join(a.operands, " "));
  if (const std::string group = help_for_group(words); !group.empty()) return print(group), kDone;
  const Result<Arguments> asked = parse_arguments(a.operands);
  if (!asked) return complain(asked.error(), kUsage);
  return print(help_for(*asked->spec)), kDone;
}

int run_debug_parse(const Arguments&) {
  std::ios::sync_with_stdio(false);
  return debug_parse(std::cin, std::cout, std::cerr);
}

int run_debug_man(const Arguments&) {
  print(man_page());
  return kDone;
}

}  // namespace cmdai::cli
