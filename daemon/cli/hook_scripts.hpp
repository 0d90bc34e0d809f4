#pragma once
// The shell hooks of shell-hooks/, built into the program.
#include <string>
#include <string_view>

namespace cmdai::cli {

/// The script as it is in the tree, with its placeholders; empty for an unknown shell. Generated at build
/// time.
std::string_view hook_template(std::string_view shell);  // "env-bash": when it is not interactive

/// With the paths of cmdai and cmdai-hook filled in.
std::string hook_script(std::string_view shell);
/// What a shell reads when it is not interactive.
std::string start_script(std::string_view shell);

std::string own_path();
/// Where cmdai-hook is: the build tree, or libexec of the installation; empty when it is nowhere.
std::string hook_client_path();

}  // namespace cmdai::cli
