// The hooks as they are printed: with the paths of this installation, for the shell that will read them.
#include "daemon/cli/hook_scripts.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "daemon/host/policy_store.hpp"
#include "daemon/ipc/socket_path.hpp"

namespace cmdai::cli {
namespace {

void replace_all(std::string& text, std::string_view what, const std::string& by) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

std::string on_unavailable() {
  const host::PolicyStore store(host::paths_from_environment());
  return std::string(policy::to_string(store.policy()->settings().on_unavailable));
}

/// A file of the hooks: in `folder` of the build tree, or in libexec of the installation; empty when it is
/// nowhere.
std::string beside_us(std::string_view folder, std::string_view name, int access_mode) {
  const std::string here = ipc::directory_of(own_path());
  for (const std::string& place :
       {fmt::format("/../../shell-hooks/{}/{}", folder, name), fmt::format("/../libexec/cmdai/{}", name),
        fmt::format("/../lib/cmdai/{}", name), fmt::format("/{}", name)}) {
    const std::string path = here + place;
    if (access(path.c_str(), access_mode) != 0) continue;
    char* real = realpath(path.c_str(), nullptr);
    std::string out = real == nullptr ? path : real;
    std::free(real);
    return out;
  }
  return {};
}

/// zsh reads the whole of an `eval` with the user's aliases and options before anything in it can switch them
/// off; `emulate -c` keeps them out, then and whenever these functions are called. Behind every other line
/// that begins with `# ---` stands what needs to see the user's options.
std::string without_users_options(std::string_view text) {
  std::string out;
  for (bool wrapped = true; !text.empty(); wrapped = !wrapped) {
    const std::string_view part = text.substr(0, text.find("\n# --- ", 1));
    out += wrapped ? fmt::format("'builtin' 'emulate' 'zsh' '-o' 'no_aliases' '-c' {}\n", quoted(part, false))
                   : std::string(part) + '\n';
    text.remove_prefix(part.size());
  }
  return out;
}

/// The paths, and for zsh what keeps the user's options out.
std::string fill_in(std::string text, std::string_view shell, const std::string& builtin) {
  const bool fish = shell == "fish";
  replace_all(text, "@CMDAI_HOOK@", quoted(hook_client_path(), fish));
  replace_all(text, "@CMDAI_BUILTIN@", quoted(builtin, fish));
  replace_all(text, "@CMDAI@", quoted(own_path(), fish));
  replace_all(text, "@ON_UNAVAILABLE@", on_unavailable());
  return shell == "zsh" ? without_users_options(text) : text;
}

/// bash reads the one that its version can read; the other is a quoted word to it.
std::string bash_script(const std::string& builtin) {
  return fmt::format(
      "case $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 501)) in\n1) \\eval {} ;;\n*) \\eval {} "
      ";;\nesac\n",
      quoted(fill_in(std::string(hook_template("old-bash")), "bash", builtin), false),
      quoted(fill_in(std::string(hook_template("bash")), "bash", builtin), false));
}

}  // namespace

std::string quoted(std::string_view text, bool fish) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += fish ? "\\'" : "'\\''";
    else if (c == '\\' && fish)
      out += "\\\\";
    else
      out += c;
  }
  return out + '\'';
}

std::string own_path() {
  char buffer[4096];
  const ssize_t n = readlink("/proc/self/exe", buffer, sizeof buffer);
  return n <= 0 ? "cmdai" : std::string(buffer, static_cast<size_t>(n));
}

std::string hook_client_path() { return beside_us("client", "cmdai-hook", X_OK); }
std::string agent_hook_path() { return beside_us("agents/hook", "cmdai-agent", X_OK); }

std::string bash_builtin_path() { return beside_us("bash-builtin", "cmdai-bash.so", R_OK); }

std::string hook_script(std::string_view shell, bool with_builtin) {
  if (shell == "bash") return bash_script(with_builtin ? bash_builtin_path() : "");
  return fill_in(std::string(hook_template(shell)), shell, with_builtin ? bash_builtin_path() : "");
}

std::string strict_script() {
  return fill_in(fmt::format("{}# --- strict mode\n{}", hook_template("zsh"), hook_template("strict-zsh")),
                 "zsh", "");
}

std::string start_script(std::string_view shell) {
  return fill_in(std::string(hook_template(fmt::format("env-{}", shell))), shell, bash_builtin_path());
}

}  // namespace cmdai::cli
