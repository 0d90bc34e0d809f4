// Programs that run another one as somebody else. sudo 1.9.13, util-linux 2.38, polkit 122, systemd 252.
#include <utility>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kSudo[] = {{'u', "user", Arg::value},
                            {'g', "group", Arg::value},
                            {'h', "host", Arg::value},
                            {'p', "prompt", Arg::value},
                            {'C', "close-from", Arg::value},
                            {'D', "chdir", Arg::value},
                            {'R', "chroot", Arg::value},
                            {'T', "command-timeout", Arg::value},
                            {'r', "role", Arg::value},
                            {'t', "type", Arg::value},
                            {'U', "other-user", Arg::value},
                            {'E', "preserve-env", Arg::optional},
                            {'A', "askpass"},
                            {'b', "background"},
                            {'B', "bell"},
                            {'H', "set-home"},
                            {'i', "login"},
                            {'s', "shell"},
                            {'K', "remove-timestamp"},
                            {'k', "reset-timestamp"},
                            {'l', "list"},
                            {'n', "non-interactive"},
                            {'P', "preserve-groups"},
                            {'S', "stdin"},
                            {'V', "version"},
                            {'v', "validate"},
                            {'e', "edit"},
                            {0, "help"}};

void sudo(const Call& call, Sink& sink) {
  if (call.any("list validate version help remove-timestamp edit") || call.program() == "sudoedit")
    return;  // an editor, as for any other file
  resolve::RunAs how = sink.as(call.program());
  how.wrapper.gains_privilege = true;
  if (call.operands().empty()) {
    const bool shell = call.program() == "run0" || call.program() == "pkexec";  // without being told to
    if (!call.any("login shell") && !shell) return;
    sink.add(Kind::gains_privilege, "priv.root-shell");
    return open_shell(sink, std::move(how));
  }
  if (const Argument* directory = call.value("chdir")) how.cwd = directory->value, how.sets_cwd = true;
  std::vector<Argument> argv = take_environment(call.rest(), how);
  if (call.any("shell login") && argv.size() == 1) {
    how.child_shell = true;
    sink.run_code(argv[0], *dialect_from_name("bash"), how);
    return;
  }
  sink.run(std::move(argv), how);
}

constexpr Option kSu[] = {{'c', "command", Arg::value},
                          {'s', "shell", Arg::value},
                          {'l', "login"},
                          {'m', "preserve"},
                          {'p', "preserve"},
                          {'u', "user", Arg::value},
                          {'g', "group", Arg::value},
                          {'G', "supp-group", Arg::value},
                          {'P', "pty"},
                          {'w', "whitelist", Arg::value},
                          {0, "session-command", Arg::value},
                          {0, "help"}};
void su(const Call& call, Sink& sink) {
  resolve::RunAs how = sink.as(call.program());
  how.wrapper.gains_privilege = how.child_shell = true;
  const Argument* code =
      call.value("command") != nullptr ? call.value("command") : call.value("session-command");
  if (code != nullptr) {
    sink.run_code(*code, *dialect_from_name("bash"), how);
    return;
  }
  if (call.program() == "runuser" && call.has("user") && !call.operands().empty())
    sink.run(call.rest(), how);
  else if (call.invocation().input.kind != resolve::Input::Kind::inherited)
    open_shell(sink, std::move(how));
  else if (!call.has("help") &&
           (call.operand(0).empty() || call.operand(0) == "root" || call.operand(0) == "-"))
    sink.add(Kind::gains_privilege, "priv.root-shell");
}
/// newgrp [-] [GROUP]: a shell of that group.
void newgrp(const Call& call, Sink& sink) { open_shell(sink, sink.as(call.program())); }

constexpr CommandSpec kPrivilegeCommands[] = {
    {"sudo sudo-rs doas sudoedit run0 pkexec", kSudo, Order::leading, sudo},
    {"newgrp", {}, Order::permuted, newgrp},
    {"su runuser", kSu, Order::permuted, su},
};

}  // namespace

std::span<const CommandSpec> privilege_commands() { return kPrivilegeCommands; }

}  // namespace cmdai::commands
