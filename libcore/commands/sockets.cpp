// Programs that tie sockets to files and to other programs. netcat-openbsd 1.219, ncat 7.93, socat 1.7.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/outbound.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kNetcat[] = {{'l', "listen"},
                              {'p', "port", Arg::value},
                              {'e', "exec", Arg::value},
                              {'c', "sh-exec", Arg::value},
                              {'w', "timeout", Arg::value},
                              {'s', "source", Arg::value},
                              {'u', "udp"},
                              {'v', "verbose"},
                              {'n', "numeric"},
                              {'k', "keep"},
                              {'z', "zero"},
                              {'N', "shutdown"},
                              {'q', "quit", Arg::value},
                              {'x', "proxy", Arg::value},
                              {'X', "proxy-protocol", Arg::value},
                              {'i', "interval", Arg::value},
                              {'U', "unix"},
                              {'4', "ipv4"},
                              {'6', "ipv6"},
                              {0, "ssl"},
                              {0, "exec", Arg::value},
                              {0, "sh-exec", Arg::value},
                              {0, "lua-exec", Arg::value},
                              {0, "broker"}};
/// What a socket is tied to: a shell hands over the machine, any other program is just run.
bool is_shell_like(const std::string& command) {
  const std::string program = command.substr(0, command.find(' '));
  const std::string name = program.substr(program.rfind('/') + 1);
  return dialect_from_name(name).has_value() || name.find("sh") != std::string::npos ||
         name.ends_with(".exe") || name.starts_with("python") || name.starts_with("perl") || name.empty();
}

void netcat(const Call& call, Sink& sink) {
  bool runs = call.has("lua-exec");
  for (std::string_view option : {"exec", "sh-exec"})
    if (const Argument* code = call.value(option); code != nullptr && !is_shell_like(call.text(option))) {
      resolve::RunAs how = sink.as(call.program());
      how.child_shell = true;
      how.input.kind = resolve::Input::Kind::pipe;  // it reads what the other end sends
      how.input.data = remote_data();
      sink.run_code(*code, *dialect_from_name("sh"), how);
    } else {
      runs |= code != nullptr;
    }
  if (runs) sink.add(Kind::runs_remote_code, call.has("listen") ? "net.listen-shell" : "net.reverse-shell");
  const resolve::Input& input = call.invocation().input;
  const auto shell_feeds = [&] {
    return std::any_of(input.producers.begin(), input.producers.end(),
                       [](const std::string& p) { return dialect_from_name(p).has_value(); });
  };
  if (!runs && shell_feeds()) sink.add(Kind::runs_remote_code, "net.reverse-shell");
  if (call.has("zero")) return;
  if (!call.has("listen"))
    judge_sent_input(sink, call.operand(0));
  else if (has(input.data.taint, Taint::secret))
    sink.add(Kind::sends_data, "secret.send");
}

/// FILE:path,options OPEN:path CREATE:path GOPEN:path
std::string file_of(const std::string& address) {
  const size_t colon = address.find(':');
  if (colon == std::string::npos) return {};
  const std::string kind = upper(address.substr(0, colon));
  if (kind != "FILE" && kind != "OPEN" && kind != "CREATE" && kind != "GOPEN" && kind != "CREAT") return {};
  return address.substr(colon + 1, address.find(',') - colon - 1);
}
void judge_file_end(const Argument& address, const std::string& upper, Sink& sink, bool last) {
  const std::string path = file_of(address.value.with_holes_empty());
  if (path.empty()) return;
  const Argument file{Value::exact(path), address.place, nullptr};
  if (last || upper.starts_with("CREAT"))
    write_effect(sink, file, Write::replace);
  else
    read_effect(sink, file);
}

/// The host in TCP:host:port, OPENSSL:host:port, PROXY:proxy:host:port.
std::string peer_of(const Call& call) {
  for (const Argument* a : call.operands()) {
    const std::string text = a->value.with_holes_empty();
    const size_t colon = text.find(':');
    if (colon == std::string::npos || !file_of(text).empty()) continue;
    const std::string rest = text.substr(colon + 1);
    return rest.substr(0, rest.find_first_of(":,"));
  }
  return {};
}

/// EXEC:command,options SYSTEM:line,options SHELL:line: the other address is what it reads and writes.
bool starts_program(const std::string& upper) {
  return upper.starts_with("EXEC:") || upper.starts_with("SYSTEM:") || upper.starts_with("SHELL");
}
void run_end(const Argument& address, bool network, Sink& sink) {
  const std::string text = address.value.with_holes_empty();
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return;
  const std::string line = text.substr(colon + 1, text.find(',') - colon - 1);
  if (network && is_shell_like(line)) return;  // whose shell it is has been said
  resolve::RunAs how = sink.as("socat");
  how.child_shell = true;
  if (network) {
    how.input.kind = resolve::Input::Kind::pipe;
    how.input.data = remote_data();
  }
  sink.run_code({Value::exact(line), address.place, nullptr}, *dialect_from_name("sh"), std::move(how));
}

void socat(const Call& call, Sink& sink) {
  bool network = false, runs = false, listens = false;
  for (const Argument* a : call.operands()) {
    const std::string text = upper(a->value.with_holes_empty());
    network |= text.starts_with("TCP") || text.starts_with("UDP") || text.starts_with("OPENSSL") ||
               text.starts_with("SCTP") || text.starts_with("PROXY") || text.starts_with("SOCKS");
    listens |= text.find("LISTEN") != std::string::npos;
    listens |= text.starts_with("TCP-L") || text.starts_with("TCP4-L");
    network |= text.starts_with("DCCP") || text.starts_with("VSOCK");
    const bool starts = starts_program(text);
    runs |= starts;
    if (!starts) judge_file_end(*a, text, sink, call.operands().size() > 1 && a == call.operands().back());
  }
  for (const Argument* a : call.operands()) {
    const std::string path = file_of(a->value.with_holes_empty());
    if (network && !path.empty() && sink.classify(Value::exact(path)).path_class == PathClass::secret)
      sink.on(Kind::sends_data, "secret.send", *a);
  }
  if (network && !runs && reads_secret(sink))
    sink.add(Kind::sends_data, "secret.send");
  else if (network && !runs && !listens)
    judge_sent_input(sink, peer_of(call));
  if (network && runs) sink.add(Kind::runs_remote_code, listens ? "net.listen-shell" : "net.reverse-shell");
  for (const Argument* a : call.operands())
    if (starts_program(upper(a->value.with_holes_empty()))) run_end(*a, network, sink);
  if (network && sink.ran() != nullptr && has(sink.ran()->taint, Taint::secret))
    sink.add(Kind::sends_data, "secret.send");
}
void telnet(const Call& call, Sink& sink) {
  const resolve::Input& input = call.invocation().input;
  for (const std::string& p : input.producers)
    if (dialect_from_name(p)) sink.add(Kind::runs_remote_code, "net.reverse-shell");
  if (reads_secret(sink))
    sink.add(Kind::sends_data, "secret.send").detail = call.operand(0);
  else
    judge_sent_input(sink, call.operand(0));
}

constexpr Option kSocket[] = {{'p', "program", Arg::value},
                              {'s', "server"},
                              {'v', "verbose"},
                              {'q', "quiet"},
                              {'l', "loop"},
                              {'c', "crlf"},
                              {'r', "read-only"},
                              {'w', "write-only"}};
void socket_tool(const Call& call, Sink& sink) {
  if (call.has("program"))
    sink.add(Kind::runs_remote_code, call.has("server") ? "net.listen-shell" : "net.reverse-shell");
}

constexpr CommandSpec kSocketCommands[] = {
    {"nc ncat netcat nc.openbsd nc.traditional", kNetcat, Order::permuted, netcat, remote_output},
    {"socat", {}, Order::permuted, socat, remote_output},
    {"telnet", {}, Order::permuted, telnet, remote_output},
    {"socket", kSocket, Order::permuted, socket_tool, remote_output},
};

}  // namespace

std::span<const CommandSpec> socket_commands() { return kSocketCommands; }

}  // namespace cmdai::commands
