#pragma once
// What takes the guard out of a shell, or leaves for a shell that has none. Seen as text.
#include "libcore/commands/call.hpp"
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// Names that belong to the guard: removing or replacing them switches it off.
bool is_ours(std::string_view name);

/// A variable or function of the hook is given another value, by anything but the hook's own file.
void judge_hook_name(std::string_view name, resolve::Place place, Sink& sink);

/// The same by zsh's table of all functions: functions[NAME]=…, functions+=(NAME …), functions=(…).
void judge_function_table(const resolve::ResolvedAssignment& a, Sink& sink);

/// The Enter key is taken from us: bash's bind, zsh's bindkey, fish's bind.
bool judge_enter_key(const Call& call, Sink& sink);

/// `trap - DEBUG`, where a lower level of a hook stands.
void judge_debug_trap(const Call& call, Sink& sink);

/// A shell that somebody will type into and that reads no start-up file of theirs; whether it is one.
bool judge_bare_shell(const Call& call, Shell shell, Sink& sink);

/// add-zsh-hook -d HOOK FUNCTION
void remove_zsh_hook(const Call& call, Sink& sink);

}  // namespace cmdai::commands
