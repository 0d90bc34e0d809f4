#pragma once
// Every program cmdai knows, found by name.
#include <span>
#include <string_view>
#include <vector>

#include "libcore/commands/spec.hpp"

namespace cmdai::commands {

/// nullptr: not known. The name is a base name; versioned ones (python3.11, gcc-12) fall back to their stem.
const CommandSpec* find_command(std::string_view program);

/// Programs of the base system, which others and the machine itself rely on: coreutils, shells, interpreters,
/// what logs in, mounts, packs and serves. Not what people install beside it (vault, terraform, docker).
bool is_base_program(std::string_view program);

/// Known names that fit a shell pattern, at most `limit`, in alphabetical order.
std::vector<std::string_view> matching_commands(std::string_view pattern, size_t limit);

// One list a family, each in its own file.
std::span<const CommandSpec> file_commands();
std::span<const CommandSpec> permission_commands();
std::span<const CommandSpec> archive_commands();
std::span<const CommandSpec> disk_commands();
std::span<const CommandSpec> file_system_commands();
std::span<const CommandSpec> text_commands();
std::span<const CommandSpec> line_filter_commands();
std::span<const CommandSpec> find_commands();
std::span<const CommandSpec> fd_commands();
std::span<const CommandSpec> xargs_commands();
std::span<const CommandSpec> wrapper_commands();
std::span<const CommandSpec> privilege_commands();
std::span<const CommandSpec> multiplexer_commands();
std::span<const CommandSpec> editor_commands();
std::span<const CommandSpec> launcher_commands();
std::span<const CommandSpec> environment_commands();
std::span<const CommandSpec> agent_commands();
std::span<const CommandSpec> batch_commands();
std::span<const CommandSpec> elsewhere_commands();
std::span<const CommandSpec> shell_commands();
std::span<const CommandSpec> zsh_commands();
std::span<const CommandSpec> fish_commands();
std::span<const CommandSpec> interpreter_commands();
std::span<const CommandSpec> git_commands();
std::span<const CommandSpec> forge_commands();
std::span<const CommandSpec> network_commands();
std::span<const CommandSpec> httpie_commands();
std::span<const CommandSpec> socket_commands();
std::span<const CommandSpec> transfer_commands();
std::span<const CommandSpec> sender_commands();
std::span<const CommandSpec> make_commands();
std::span<const CommandSpec> package_commands();
std::span<const CommandSpec> container_commands();
std::span<const CommandSpec> infrastructure_commands();
std::span<const CommandSpec> service_commands();
std::span<const CommandSpec> cluster_commands();
std::span<const CommandSpec> system_commands();
std::span<const CommandSpec> account_commands();
std::span<const CommandSpec> machine_commands();
std::span<const CommandSpec> key_commands();
std::span<const CommandSpec> macos_commands();
std::span<const CommandSpec> database_commands();
std::span<const CommandSpec> directive_commands();
std::span<const CommandSpec> reader_commands();
std::span<const CommandSpec> remote_shell_commands();

}  // namespace cmdai::commands
