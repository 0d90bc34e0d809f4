// Programs made to hand a shell to another host, or to take one. rustcat 3.0, pwncat 0.1.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kRustcat[] = {{'s', "shell", Arg::value},
                               {'l', "local-history"},
                               {'i', "interactive"},
                               {'b', "block-signals"},
                               {'h', "help"},
                               {'V', "version"},
                               {'u', "udp"},
                               {'e', "exec", Arg::value}};
/// rcat connect -s SHELL HOST PORT gives a shell away; rcat listen takes one.
void rustcat(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  const bool connects = verb == "connect" || verb == "c";
  if (connects && call.has("shell") && !call.has("help"))
    sink.add(Kind::runs_remote_code, "net.reverse-shell");
}

constexpr Option kPwncat[] = {{'e', "exec", Arg::value},
                              {'l', "listen"},
                              {'p', "port", Arg::value},
                              {'c', "crlf", Arg::value},
                              {'n', "nodns"},
                              {'u', "udp"},
                              {'k', "keep-open"},
                              {'z', "zero"},
                              {'v', "verbose"},
                              {'h', "help"},
                              {0, "self-inject", Arg::value},
                              {0, "reconn", Arg::optional},
                              {0, "rebind", Arg::optional},
                              {'V', "version"}};
/// -e PROGRAM as netcat's; --self-inject puts itself on the host whose shell it was given.
void pwncat(const Call& call, Sink& sink) {
  if (call.any("help version")) return;
  if (call.has("exec"))
    sink.add(Kind::runs_remote_code, call.has("listen") ? "net.listen-shell" : "net.reverse-shell");
  else if (call.has("self-inject"))
    sink.add(Kind::runs_remote_code, "net.reverse-shell");
}

constexpr CommandSpec kRemoteShellCommands[] = {
    {"rcat rustcat", kRustcat, Order::permuted, rustcat},
    {"pwncat", kPwncat, Order::permuted, pwncat},
};

}  // namespace

std::span<const CommandSpec> remote_shell_commands() { return kRemoteShellCommands; }

}  // namespace cmdai::commands
