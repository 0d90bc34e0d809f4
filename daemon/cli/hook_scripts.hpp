#pragma once
// The shell hooks of shell-hooks/, built into the program.
#include <string>
#include <string_view>

namespace cmdai::cli {

/// The script as it is in the tree, with its placeholders; empty for an unknown shell. Generated at build
/// time.
std::string_view hook_template(std::string_view shell);  // "env-bash": when it is not interactive

/// With the paths of cmdai, cmdai-hook and bash's loadable builtin filled in. `with_builtin`: false leaves
/// that out.
std::string hook_script(std::string_view shell, bool with_builtin);
/// The hook for zsh that judges each command a line runs, not only the line.
std::string strict_script();
/// What a shell reads when it is not interactive.
std::string start_script(std::string_view shell);

/// One word for any POSIX shell; fish reads single quotes the same but for backslashes.
std::string quoted(std::string_view text, bool fish);

std::string own_path();
/// Where cmdai-hook is: the build tree, or libexec of the installation; empty when it is nowhere.
std::string hook_client_path();
/// The same for cmdai-agent, which agents start before each tool call in place of `cmdai`: `cmdai-agent hook
/// AGENT`.
std::string agent_hook_path();
/// Where the loadable builtin for bash is, in the same way.
std::string bash_builtin_path();

}  // namespace cmdai::cli
