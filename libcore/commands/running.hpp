#pragma once
// How a wrapper hands on the rest of its line.
#include <span>
#include <string_view>
#include <vector>

#include "libcore/commands/sink.hpp"

namespace cmdai::commands {

/// NAME=VALUE, as env and sudo take it in front of a command.
bool is_environment(const Value& word);

/// NAME=VALUE words in front of the command become its environment.
std::vector<Argument> take_environment(std::vector<Argument> argv, resolve::RunAs& how);

/// What is left after the wrapper's own options, `skip` of its operands dropped.
void run_rest(const Call& call, Sink& sink, size_t skip, bool elsewhere = false);

/// What a container sees of this machine, of the values of an option: HOST[:INSIDE[:OPTIONS]] or NAME=VALUE
/// pairs. Without another name it keeps its own.
std::vector<resolve::Mount> bind_mounts(const std::vector<const Argument*>& values, const Sink& sink);

/// A line the program hands to sh.
void run_line(Sink& sink, const Value& line, resolve::Place place);

/// Run by this program on another host: judged as if it were here, but not by what our disk says.
resolve::RunAs on_host(const Sink& sink);

/// A shell that is opened without a command: what stands on standard input is typed into it.
void open_shell(Sink& sink, resolve::RunAs how);

/// A shell script by its path: read where this line wrote it.
void run_script(Sink& sink, const Argument& file);

/// What is left after the wrapper's own options, `skip` of its operands dropped; nothing left: a shell.
void run_rest_or_shell(const Call& call, Sink& sink, size_t skip, bool elsewhere = false);

/// LAUNCHER … -- PROGRAM. Returns whether there was one.
bool after_dashes(const Call& call, Sink& sink);

/// LAUNCHER VERB [OPTION…] [OPERAND…] PROGRAM, where `skip` operands come before the program.
void after_verb(const Call& call, Sink& sink, std::span<const Option> options, size_t skip);

/// A program that pastes its operands into one line and hands it to a shell, here or on another host.
void shell_line(const Call& call, Sink& sink, size_t skip, std::string_view shell, bool on_host);

}  // namespace cmdai::commands
