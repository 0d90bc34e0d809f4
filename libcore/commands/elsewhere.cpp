// Programs that run another one on another host, in another root or in other namespaces. openssh 9.2,
// coreutils 9.1, util-linux 2.38, bubblewrap 0.8.
#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kChroot[] = {
    {0, "userspec", Arg::value}, {0, "groups", Arg::value}, {0, "skip-chdir"}, {0, "help"}, {0, "version"}};
constexpr Option kProot[] = {{'r', "rootfs", Arg::value},
                             {'b', "bind", Arg::value},
                             {'q', "qemu", Arg::value},
                             {'w', "cwd", Arg::value},
                             {'k', "kernel", Arg::value},
                             {'i', "id", Arg::value},
                             {'0', "root-id"},
                             {'R', "R", Arg::value},
                             {'S', "S", Arg::value}};
constexpr Option kUnshare[] = {{'m', "mount"},
                               {'u', "uts"},
                               {'i', "ipc"},
                               {'n', "net"},
                               {'p', "pid"},
                               {'U', "user"},
                               {'r', "map-root-user"},
                               {'f', "fork"},
                               {'S', "setuid", Arg::value},
                               {'G', "setgid", Arg::value},
                               {'R', "root", Arg::value},
                               {'w', "wd", Arg::value},
                               {'C', "cgroup"},
                               {'T', "time"},
                               {0, "map-user", Arg::value},
                               {0, "map-group", Arg::value},
                               {'c', "map-current-user"},
                               {0, "propagation", Arg::value},
                               {0, "kill-child", Arg::optional},
                               {0, "mount-proc", Arg::optional}};
constexpr Option kNsenter[] = {{'t', "target", Arg::value},
                               {'a', "all"},
                               {'m', "mount", Arg::optional},
                               {'u', "uts", Arg::optional},
                               {'i', "ipc", Arg::optional},
                               {'n', "net", Arg::optional},
                               {'p', "pid", Arg::optional},
                               {'U', "user", Arg::optional},
                               {'C', "cgroup", Arg::optional},
                               {'T', "time", Arg::optional},
                               {'r', "root", Arg::optional},
                               {'w', "wd", Arg::optional},
                               {'S', "setuid", Arg::value},
                               {'G', "setgid", Arg::value},
                               {'F', "no-fork"},
                               {'Z', "follow-context"}};
void chroot(const Call& call, Sink& sink) {
  const std::string root = call.operand(0);
  const bool same = root.find_first_not_of("/.") == std::string::npos || root.starts_with("/proc/1/root");
  if (!call.operands().empty()) run_rest_or_shell(call, sink, 1, !same);
}

void nsenter(const Call& call, Sink& sink) {
  if (call.text("target") == "1")
    sink.add(Kind::gains_privilege, "container.escape").detail = "namespaces of init";
  run_rest_or_shell(call, sink, 0);
}
/// unshare, firejail: in name spaces of its own, on the same files.
void separated(const Call& call, Sink& sink) {
  if (!call.any("help version list")) run_rest_or_shell(call, sink, 0);
}

/// bubblewrap: options with one or two values of their own.
void bwrap(const Call& call, Sink& sink) {
  static constexpr std::string_view kTwo[] = {"--bind",      "--ro-bind",  "--dev-bind",    "--symlink",
                                              "--setenv",    "--bind-try", "--ro-bind-try", "--file",
                                              "--bind-data", "--chmod"};
  static constexpr std::string_view kOne[] = {"--proc",     "--dev",       "--tmpfs",   "--dir",
                                              "--chdir",    "--uid",       "--gid",     "--args",
                                              "--hostname", "--unsetenv",  "--seccomp", "--cap-add",
                                              "--cap-drop", "--lock-file", "--mqueue",  "--remount-ro"};
  const auto& argv = call.argv();
  size_t i = 1;
  bool whole_root = false;
  while (i < argv.size() && argv[i].value.prefix().starts_with("--")) {
    const std::string option = argv[i].value.with_holes_empty();
    const bool two = among(kTwo, option);
    const bool one = among(kOne, option);
    whole_root |= (option == "--bind" || option == "--dev-bind") && i + 1 < argv.size() &&
                  argv[i + 1].value.with_holes_empty() == "/";
    i += two ? 3 : one ? 2 : 1;
    if (option == "--") break;
  }
  if (i >= argv.size()) return;
  resolve::RunAs how = sink.as("bwrap");
  how.wrapper.elsewhere = !whole_root;
  sink.run({argv.begin() + static_cast<std::ptrdiff_t>(i), argv.end()}, how);
}

/// A container of a directory tree; of / it is this machine.
constexpr Option kNspawn[] = {{'D', "directory", Arg::value},
                              {'i', "image", Arg::value},
                              {'M', "machine", Arg::value},
                              {'u', "user", Arg::value},
                              {'E', "setenv", Arg::value},
                              {'p', "port", Arg::value},
                              {'S', "slice", Arg::value},
                              {'a', "as-pid2"},
                              {'b', "boot"},
                              {'x', "ephemeral"},
                              {'q', "quiet"},
                              {0, "bind", Arg::value},
                              {0, "bind-ro", Arg::value},
                              {0, "overlay", Arg::value},
                              {0, "tmpfs", Arg::value},
                              {0, "chdir", Arg::value},
                              {0, "hostname", Arg::value},
                              {0, "capability", Arg::value},
                              {0, "property", Arg::value},
                              {0, "console", Arg::value},
                              {0, "read-only"},
                              {0, "help"},
                              {0, "version"}};
void nspawn(const Call& call, Sink& sink) {
  if (call.any("boot help version")) return;
  resolve::RunAs how = sink.as(call.program());
  how.wrapper.elsewhere = call.text("directory") != "/" || call.has("ephemeral");
  how.wrapper.mounts = bind_mounts(call.values("bind"), sink);
  for (resolve::Mount& m : bind_mounts(call.values("bind-ro"), sink)) {
    m.writable = false;
    how.wrapper.mounts.push_back(std::move(m));
  }
  if (std::vector<Argument> argv = call.rest(); !argv.empty())
    sink.run(std::move(argv), std::move(how));
  else
    open_shell(sink, std::move(how));
}
/// machinectl shell [USER@]MACHINE [PROGRAM…]; .host is this machine.
constexpr Option kMachinectl[] = {{'H', "host", Arg::value},   {'M', "machine", Arg::value},
                                  {'E', "setenv", Arg::value}, {'p', "property", Arg::value},
                                  {0, "uid", Arg::value},      {'q', "quiet"},
                                  {'n', "lines", Arg::value},  {'o', "output", Arg::value}};
void machinectl(const Call& call, Sink& sink) {
  if (call.operand(0) == "remove" && call.operands().size() > 1) {
    sink.on(Kind::deletes, "container.volume", *call.operands()[1]);
    return;
  }
  if (call.operand(0) != "shell") return;
  const size_t verb = call.argv().size() - call.rest().size();
  const Call inner(call.invocation(), kMachinectl, Order::leading, verb + 1);
  const std::string machine = inner.operand(0);
  const bool here = machine.empty() || machine == ".host" || machine.ends_with("@.host");
  resolve::RunAs how = sink.as(here ? "machinectl" : "machinectl exec");
  how.wrapper.elsewhere = !here;
  if (std::vector<Argument> argv = inner.rest(1); !argv.empty())
    sink.run(std::move(argv), std::move(how));
  else
    open_shell(sink, std::move(how));
}

constexpr Option kSshpass[] = {{'p', "password", Arg::value}, {'f', "file", Arg::value},
                               {'d', "fd", Arg::value},       {'e', "env"},
                               {'P', "prompt", Arg::value},   {'v', "verbose"}};
void rest(const Call& call, Sink& sink) {
  if (!call.any("help version")) run_rest(call, sink, 0);
}

constexpr Option kSsh[] = {{'B', "bind-interface", Arg::value},
                           {'b', "bind-address", Arg::value},
                           {'c', "cipher", Arg::value},
                           {'D', "dynamic", Arg::value},
                           {'E', "log", Arg::value},
                           {'e', "escape", Arg::value},
                           {'F', "config", Arg::value},
                           {'I', "pkcs11", Arg::value},
                           {'i', "identity", Arg::value},
                           {'J', "jump", Arg::value},
                           {'L', "local", Arg::value},
                           {'l', "login", Arg::value},
                           {'m', "mac", Arg::value},
                           {'O', "control", Arg::value},
                           {'o', "option", Arg::value},
                           {'p', "port", Arg::value},
                           {'Q', "query", Arg::value},
                           {'R', "remote", Arg::value},
                           {'S', "socket", Arg::value},
                           {'W', "forward", Arg::value},
                           {'w', "tunnel", Arg::value}};
/// Nothing is run there: -N, -W, -Q, -G, -V, -O; or its input is not read: -n, -f.
bool opens_no_shell(const Call& call) { return call.any("N forward query G V control n f s"); }

void ssh(const Call& call, Sink& sink) {
  judge_ssh_options(call, sink);
  if (!call.operands().empty()) judge_host(sink, *call.operands().front());
  const Value& data = call.invocation().input.data;
  if (has(data.taint, Taint::secret)) sink.add(Kind::sends_data, "secret.send").target.text = call.operand(0);
  if (call.operands().size() == 1 && !opens_no_shell(call)) return open_shell(sink, on_host(sink));
  shell_line(call, sink, call.operand(1) == "--" ? 2 : 1, "bash", true);
}

/// pdsh, clush, parallel-ssh: a line for the shell of many hosts; mosh: a program on one.
constexpr Option kMany[] = {{'w', "hosts", Arg::value},
                            {'x', "exclude", Arg::value},
                            {'g', "group", Arg::value},
                            {'X', "exclude-group", Arg::value},
                            {'l', "user", Arg::value},
                            {'t', "connect-timeout", Arg::value},
                            {'u', "command-timeout", Arg::value},
                            {'f', "fanout", Arg::value},
                            {'R', "module", Arg::value},
                            {'o', "options", Arg::value},
                            {0, "hostfile", Arg::value},
                            {0, "outdir", Arg::value},
                            {0, "errdir", Arg::value},
                            {'a', "all"},
                            {'b', "dshbak"},
                            {'B', "gather-all"},
                            {'S', "maxrc"},
                            {'c', "copy"},
                            {0, "rcopy"},
                            {'q', "query"},
                            {'V', "version"},
                            {0, "help"}};
constexpr Option kParallelSsh[] = {{'h', "hosts", Arg::value},
                                   {'H', "host", Arg::value},
                                   {'l', "user", Arg::value},
                                   {'p', "par", Arg::value},
                                   {'o', "outdir", Arg::value},
                                   {'e', "errdir", Arg::value},
                                   {'t', "timeout", Arg::value},
                                   {'O', "option", Arg::value},
                                   {'x', "extra-args", Arg::value},
                                   {'X', "extra-arg", Arg::value},
                                   {'A', "askpass"},
                                   {'i', "inline"},
                                   {'v', "verbose"},
                                   {'P', "print"},
                                   {'I', "send-input"},
                                   {0, "version"},
                                   {0, "help"}};
void many_hosts(const Call& call, Sink& sink) {
  if (call.any("copy rcopy query help version")) return;
  shell_line(call, sink, 0, "bash", true);
}
constexpr Option kSalt[] = {{'L', "list"},
                            {'G', "grain"},
                            {'E', "pcre"},
                            {'C', "compound"},
                            {'N', "nodegroup"},
                            {'b', "batch", Arg::value},
                            {'t', "timeout", Arg::value},
                            {'c', "config-dir", Arg::value},
                            {0, "out", Arg::value},
                            {0, "async"}};
/// salt TARGET cmd.run LINE, and with salt-call on this machine.
void salt(const Call& call, Sink& sink) {
  const size_t function = call.program() == "salt-call" ? 0 : 1;
  if (!call.operand(function).starts_with("cmd.") || call.operands().size() <= function + 1) return;
  resolve::RunAs how = function == 0 ? sink.as(call.program()) : on_host(sink);
  how.child_shell = how.wrapper.repeats = true;
  sink.run_code(*call.operands()[function + 1], *dialect_from_name("sh"), how);
}
constexpr Option kFab[] = {{'H', "hosts", Arg::value},
                           {'i', "identity", Arg::value},
                           {'c', "collection", Arg::value},
                           {'p', "pty"},
                           {'S', "ssh-config", Arg::value}};
/// fab -H HOST -- LINE
void fab(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  const bool line = std::any_of(argv.begin(), argv.end(),
                                [](const Argument& word) { return word.value.with_holes_empty() == "--"; });
  if (line) shell_line(call, sink, 0, "bash", true);
}
constexpr Option kMosh[] = {{'p', "port", Arg::value},
                            {'a', "a"},
                            {'n', "n"},
                            {0, "ssh", Arg::value},
                            {0, "server", Arg::value},
                            {0, "client", Arg::value},
                            {0, "predict", Arg::value},
                            {0, "family", Arg::value},
                            {0, "bind-server", Arg::value},
                            {0, "no-init"},
                            {0, "local"},
                            {0, "help"},
                            {0, "version"}};
void mosh(const Call& call, Sink& sink) {
  if (!call.operands().empty()) judge_host(sink, *call.operands().front());
  std::vector<Argument> words = call.rest(call.operand(1) == "--" ? 2 : 1);
  if (!words.empty()) sink.run(std::move(words), on_host(sink));
}

constexpr CommandSpec kElsewhereCommands[] = {
    {"pdsh clush", kMany, Order::leading, many_hosts},
    {"parallel-ssh pssh", kParallelSsh, Order::leading, many_hosts},
    {"salt salt-ssh salt-call", kSalt, Order::permuted, salt},
    {"fab", kFab, Order::leading, fab},
    {"mosh", kMosh, Order::leading, mosh},
    {"chroot", kChroot, Order::leading, chroot},
    {"unshare", kUnshare, Order::leading, separated},
    {"nsenter", kNsenter, Order::leading, nsenter},
    {"firejail", {}, Order::leading, separated},
    {"proot", kProot, Order::leading, separated},
    {"bwrap", {}, Order::raw, bwrap},
    {"systemd-nspawn", kNspawn, Order::leading, nspawn},
    {"machinectl", kMachinectl, Order::leading, machinectl},
    {"ssh autossh", kSsh, Order::leading, ssh},
    {"sshpass", kSshpass, Order::leading, rest},
};

}  // namespace

void judge_ssh_options(const Call& call, Sink& sink) {
  static constexpr std::string_view kRun[] = {"proxycommand", "localcommand", "knownhostscommand"};
  for (const Argument* option : call.values("option")) {
    const std::string text = option->value.text().value_or("");
    const size_t end = text.find_first_of("= \t");
    if (end == std::string::npos || !among(kRun, lower(text.substr(0, end)))) continue;
    const size_t code = text.find_first_not_of("= \t", end);
    if (code == std::string::npos) continue;
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = true;
    sink.run_shell(Value::exact(text.substr(code)), *dialect_from_name("sh"), how, option->place);
  }
}

std::span<const CommandSpec> elsewhere_commands() { return kElsewhereCommands; }

}  // namespace cmdai::commands
