// Programs that run another one: taken off, so that what they run is judged. Each takes its own options by
// its own table. sudo 1.9.13, coreutils 9.1, util-linux 2.38, openssh 9.2, systemd 252, procps.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/running.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kEnv[] = {{'i', "ignore-environment"},
                           {'u', "unset", Arg::value},
                           {'C', "chdir", Arg::value},
                           {'S', "split-string", Arg::value},
                           {'0', "null"},
                           {'v', "debug"},
                           {'P', "path", Arg::value},
                           {0, "block-signal", Arg::optional},
                           {0, "default-signal", Arg::optional},
                           {0, "ignore-signal", Arg::optional},
                           {0, "help"},
                           {0, "version"}};
/// Whatever stands behind the word of -S, options included, is one argument each.
std::vector<Argument> after_split(const Call& call, const Argument& split) {
  const std::string text = split.value.with_holes_empty();
  const auto& argv = call.argv();
  for (size_t i = 1; i < argv.size(); ++i)
    if (argv[i].value.with_holes_empty().ends_with(text))
      return {argv.begin() + static_cast<std::ptrdiff_t>(i) + 1, argv.end()};
  return {};
}
/// To stand between single quotes.
Value without_quotes(const Value& word) {
  Value out;
  for (const resolve::Piece& p : word.pieces()) {
    if (p.hole) {
      out.append(Value::unknown(*p.hole, p.text, p.active));
      continue;
    }
    std::string text;
    for (const char c : p.text) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    out.append_literal(text, false);
  }
  out.taint = word.taint;
  return out;
}
void env(const Call& call, Sink& sink) {
  resolve::RunAs how = sink.as("env");
  if (const Argument* directory = call.value("chdir")) how.cwd = directory->value, how.sets_cwd = true;
  std::vector<Argument> argv = take_environment(call.rest(), how);
  if (const Argument* split = call.value("split-string")) {
    Value line = split->value;
    for (const Argument& a : after_split(call, *split)) {
      line.append_literal(" '", false);
      line.append(without_quotes(a.value));
      line.append_literal("'", false);
    }
    how.child_shell = true;
    sink.run_code({line, split->place, nullptr}, *dialect_from_name("sh"), how);
    return;
  }
  if (!argv.empty()) sink.run(std::move(argv), how);
}

/// `env` alone prints the environment, tokens and all; with a command it writes what that writes.
Value env_output(const Call& call) {
  bool alone = true;
  for (const Argument* word : call.operands()) alone &= is_environment(word->value);
  Value out = Value::unknown(resolve::HoleKind::output);
  out.taint = alone ? Taint::secret : call.invocation().input.data.taint;
  return out;
}

void plain(const Call& call, Sink& sink) {
  if (!call.any("help version")) run_rest(call, sink, 0);
}
void plain_or_shell(const Call& call, Sink& sink) {
  if (!call.any("help version")) run_rest_or_shell(call, sink, 0);
}
void one_operand(const Call& call, Sink& sink) {
  if (!call.any("help version")) run_rest(call, sink, 1);
}

constexpr Option kCommandBuiltin[] = {{'p', "path"}, {'v', "describe"}, {'V', "describe"}};
void command_builtin(const Call& call, Sink& sink) {
  if (!call.has("describe")) run_rest(call, sink, 0);
}
/// command -v rm: the name stands for the path it prints.
Value described(const Call& call) {
  if (call.has("describe") && !call.operands().empty() && call.operands().front()->value.is_exact())
    return call.operands().front()->value;
  return Value::unknown(resolve::HoleKind::output);
}
constexpr Option kFakeroot[] = {{'l', "lib", Arg::value},
                                {'s', "save", Arg::value},
                                {'i', "load", Arg::value},
                                {'b', "fd-base", Arg::value},
                                {0, "faked", Arg::value},
                                {'u', "unknown-is-real"},
                                {'h', "help"},
                                {'v', "version"}};
constexpr Option kExec[] = {{'a', "name", Arg::value}, {'c', "clear"}, {'l', "login"}};
constexpr Option kNice[] = {{'n', "adjustment", Arg::value},
                            {'c', "class", Arg::value},
                            {'p', "pid", Arg::value},
                            {'t', "ignore"},
                            {0, "help"},
                            {0, "version"},
                            {0, "classdata", Arg::value}};
constexpr Option kTimeout[] = {{'s', "signal", Arg::value},
                               {'k', "kill-after", Arg::value},
                               {'v', "verbose"},
                               {'f', "foreground"},
                               {0, "preserve-status"},
                               {0, "help"},
                               {0, "version"}};
constexpr Option kStdbuf[] = {
    {'i', "input", Arg::value}, {'o', "output", Arg::value}, {'e', "error", Arg::value}};
constexpr Option kTime[] = {{'f', "format", Arg::value},
                            {'o', "output", Arg::value},
                            {'a', "append"},
                            {'v', "verbose"},
                            {'p', "portability"},
                            {'q', "quiet"},
                            {'l', "rusage"}};
constexpr Option kTaskset[] = {{'c', "cpu-list"}, {'p', "pid"},   {'a', "all-tasks"},
                               {'m', "max"},      {'r', "rr"},    {'f', "fifo"},
                               {'o', "other"},    {'b', "batch"}, {'i', "idle"}};
constexpr Option kFlock[] = {{'c', "command", Arg::value},
                             {'w', "wait", Arg::value},
                             {'E', "conflict-exit-code", Arg::value},
                             {'n', "nonblock"},
                             {'s', "shared"},
                             {'x', "exclusive"},
                             {'u', "unlock"},
                             {'o', "close"},
                             {'F', "no-fork"}};
constexpr Option kStrace[] = {{'e', "expr", Arg::value},
                              {'o', "output", Arg::value},
                              {'p', "attach", Arg::value},
                              {'s', "strsize", Arg::value},
                              {'u', "user", Arg::value},
                              {'E', "env", Arg::value},
                              {'P', "path", Arg::value},
                              {'f', "follow"},
                              {'c', "summary"},
                              {'t', "time"},
                              {'T', "syscall-times"},
                              {'y', "decode"},
                              {'q', "quiet"},
                              {'v', "verbose"},
                              {'S', "sort", Arg::value},
                              {'l', "library", Arg::value}};
constexpr Option kWatch[] = {{'n', "interval", Arg::value},
                             {'d', "differences"},
                             {'t', "no-title"},
                             {'b', "beep"},
                             {'e', "errexit"},
                             {'g', "chgexit"},
                             {'c', "color"},
                             {'x', "exec"},
                             {'p', "precise"}};

void flock(const Call& call, Sink& sink) {
  if (const Argument* code = call.value("command")) {
    resolve::RunAs how = sink.as("flock");
    how.child_shell = true;
    sink.run_code(*code, *dialect_from_name("sh"), how);
    return;
  }
  std::vector<Argument> rest = call.rest(1);
  if (rest.size() >= 2 && rest[0].value.with_holes_empty() == "-c") {
    resolve::RunAs how = sink.as("flock");
    how.child_shell = true;
    sink.run_code(rest[1], *dialect_from_name("sh"), how);
    return;
  }
  one_operand(call, sink);
}

void strace(const Call& call, Sink& sink) {
  if (!call.has("attach")) run_rest(call, sink, 0);
}
constexpr Option kCaffeinate[] = {{'t', "timeout", Arg::value},
                                  {'w', "pid", Arg::value},
                                  {'d', "display"},
                                  {'i', "idle"},
                                  {'m', "disk"},
                                  {'s', "system"},
                                  {'u', "user"}};
constexpr Option kProxychains[] = {{'f', "file", Arg::value}, {'q', "quiet"}};
constexpr Option kXvfb[] = {{'a', "auto-servernum"},
                            {'n', "server-num", Arg::value},
                            {'s', "server-args", Arg::value},
                            {'e', "error-file", Arg::value},
                            {'f', "auth-file", Arg::value},
                            {'w', "wait", Arg::value},
                            {'l', "listen-tcp"}};

/// The dynamic loader called by hand: it starts what it is given.
constexpr Option kLoader[] = {{0, "library-path", Arg::value},
                              {0, "preload", Arg::value},
                              {0, "argv0", Arg::value},
                              {0, "inhibit-rpath", Arg::value},
                              {0, "audit", Arg::value},
                              {0, "inhibit-cache"},
                              {0, "list"},
                              {0, "verify"},
                              {0, "help"},
                              {0, "version"}};
void loader(const Call& call, Sink& sink) {
  if (!call.any("list verify help version")) run_rest(call, sink, 0);
}

/// zsh: emulate SHELL -c CODE
void emulate(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  for (size_t i = 1; i + 1 < argv.size(); ++i) {
    if (argv[i].value.with_holes_empty() != "-c") continue;
    sink.run_code(argv[i + 1], call.invocation().dialect, sink.as("emulate"));
    return;
  }
}

void watch(const Call& call, Sink& sink) {
  if (call.has("exec"))
    run_rest(call, sink, 0);
  else
    shell_line(call, sink, 0, "sh", false);
}

constexpr Option kScript[] = {{'c', "command", Arg::value},
                              {'a', "append"},
                              {'q', "quiet"},
                              {'e', "return"},
                              {'f', "flush"},
                              {'t', "timing", Arg::optional},
                              {'E', "echo", Arg::value},
                              {'O', "log-out", Arg::value}};
void script(const Call& call, Sink& sink) {
  if (const Argument* code = call.value("command")) {
    resolve::RunAs how = sink.as("script");
    how.child_shell = true;
    sink.run_code(*code, *dialect_from_name("bash"), how);
  } else if (!call.any("help version")) {
    run_rest_or_shell(call, sink, std::min<size_t>(1, call.operands().size()));
  }
}

constexpr Option kSystemdRun[] = {{'u', "unit", Arg::value},
                                  {'p', "property", Arg::value},
                                  {'E', "setenv", Arg::value},
                                  {'H', "host", Arg::value},
                                  {'M', "machine", Arg::value},
                                  {'t', "pty"},
                                  {'P', "pipe"},
                                  {'S', "shell"},
                                  {'d', "same-dir"},
                                  {'q', "quiet"},
                                  {'G', "collect"},
                                  {'r', "remain"},
                                  {0, "user"},
                                  {0, "scope"},
                                  {0, "wait"},
                                  {0, "uid", Arg::value},
                                  {0, "gid", Arg::value},
                                  {0, "on-active", Arg::value},
                                  {0, "on-calendar", Arg::value},
                                  {0, "on-boot", Arg::value},
                                  {0, "slice", Arg::value},
                                  {0, "description", Arg::value},
                                  {0, "nice", Arg::value},
                                  {0, "working-directory", Arg::value}};

/// Without a program, -S opens the user's shell.
void systemd_run(const Call& call, Sink& sink) {
  if (call.any("help version")) return;
  if (call.has("shell"))
    run_rest_or_shell(call, sink, 0);
  else
    run_rest(call, sink, 0);
}

/// at, batch: the job comes on standard input.
constexpr Option kAt[] = {{'f', "file", Arg::value},
                          {'q', "queue", Arg::value},
                          {'t', "time", Arg::value},
                          {'l', "list"},
                          {'d', "delete"},
                          {'r', "delete"},
                          {'c', "cat"},
                          {'m', "mail"},
                          {'M', "no-mail"}};
void at(const Call& call, Sink& sink) {
  if (call.any("list delete cat")) return;
  if (const Argument* job = call.value("file"))
    run_script(sink, *job);
  else
    open_shell(sink, sink.as(call.program()));
}

constexpr Option kBusybox[] = {{0, "list"}, {0, "help"}, {0, "install"}};

constexpr CommandSpec kWrapperCommands[] = {
    {"env genv", kEnv, Order::leading, env, env_output},
    {"command builtin", kCommandBuiltin, Order::leading, command_builtin, described},
    {"exec", kExec, Order::leading, plain},
    {"noglob nocorrect - nohup setsid torsocks dbus-run-session "
     "unbuffer ts winpty",
     {},
     Order::leading,
     plain},
    {"fakeroot", kFakeroot, Order::leading, plain_or_shell},
    {"nice ionice", kNice, Order::leading, plain},
    {"timeout gtimeout", kTimeout, Order::leading, one_operand},
    {"stdbuf", kStdbuf, Order::leading, plain},
    {"time", kTime, Order::leading, plain},
    {"taskset chrt", kTaskset, Order::leading, one_operand},
    {"flock", kFlock, Order::leading, flock},
    {"strace ltrace valgrind", kStrace, Order::leading, strace},
    {"caffeinate", kCaffeinate, Order::leading, plain},
    {"proxychains proxychains4", kProxychains, Order::leading, plain},
    {"xvfb-run", kXvfb, Order::leading, plain},
    {"ld.so ld-linux.so.2 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-linux-armhf.so.3 ld-musl-x86_64.so.1 "
     "ld-musl-aarch64.so.1",
     kLoader, Order::leading, loader},
    {"emulate", {}, Order::raw, emulate},
    {"watch", kWatch, Order::leading, watch},
    {"script", kScript, Order::leading, script},
    {"systemd-run", kSystemdRun, Order::leading, systemd_run},
    {"at batch", kAt, Order::permuted, at},
    {"busybox toybox coreutils", kBusybox, Order::leading, plain},
};

}  // namespace

std::span<const CommandSpec> wrapper_commands() { return kWrapperCommands; }

}  // namespace cmdai::commands
