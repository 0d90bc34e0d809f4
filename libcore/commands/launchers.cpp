// Programs that run another one again and again, under a debugger, at another time, with other limits or
// rights, or in a terminal. Each reads its own options. entr 5.3, watchexec 1.25, nodemon 3, hyperfine 1.18,
// rlwrap 0.46, util-linux 2.38, gdb 13, perf 6, systemd 252, runit and daemontools, the terminals.
#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/launching.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

// Again and again, or to measure

constexpr Option kEntr[] = {
    {'a', "all"},      {'c', "clear"},   {'d', "directories"}, {'n', "non-interactive"},
    {'p', "postpone"}, {'r', "restart"}, {'s', "shell"},       {'x', "custom-exit"},
    {'z', "exit"}};
void entr(const Call& call, Sink& sink) {
  if (call.operands().empty()) return;
  if (call.has("shell"))
    run_line(sink, call.operands().front()->value, call.operands().front()->place);
  else
    run_rest(call, sink, 0);
}
constexpr Option kWatchexec[] = {{'e', "exts", Arg::value},
                                 {'w', "watch", Arg::value},
                                 {'W', "watch-non-recursive", Arg::value},
                                 {'i', "ignore", Arg::value},
                                 {'f', "filter", Arg::value},
                                 {'j', "filter-prog", Arg::value},
                                 {'d', "debounce", Arg::value},
                                 {'s', "signal", Arg::value},
                                 {'o', "on-busy-update", Arg::value},
                                 {'E', "env", Arg::value},
                                 {'c', "clear", Arg::optional},
                                 {0, "shell", Arg::value},
                                 {0, "workdir", Arg::value},
                                 {0, "project-origin", Arg::value},
                                 {0, "stop-signal", Arg::value},
                                 {0, "stop-timeout", Arg::value},
                                 {0, "delay-run", Arg::value},
                                 {0, "fs-events", Arg::value},
                                 {'r', "restart"},
                                 {'p', "postpone"},
                                 {'n', "no-shell"},
                                 {'q', "quiet"},
                                 {'N', "notify"},
                                 {'v', "verbose"},
                                 {0, "help"},
                                 {0, "version"}};
void watchexec(const Call& call, Sink& sink) {
  if (!call.any(kInforms)) shell_line(call, sink, 0, "sh", false);
}
constexpr Option kNodemon[] = {{'x', "exec", Arg::value},
                               {'e', "ext", Arg::value},
                               {'w', "watch", Arg::value},
                               {'i', "ignore", Arg::value},
                               {'d', "delay", Arg::value},
                               {'c', "command", Arg::value},
                               {0, "config", Arg::value},
                               {0, "signal", Arg::value},
                               {'q', "quiet"},
                               {'V', "verbose"}};
void code_option(const Call& call, Sink& sink) {
  for (std::string_view option : {"exec", "command"})
    for (const Argument* code : call.values(option)) run_line(sink, code->value, code->place);
}
constexpr Option kHyperfine[] = {{'p', "prepare", Arg::value},
                                 {'s', "setup", Arg::value},
                                 {'c', "cleanup", Arg::value},
                                 {'C', "conclude", Arg::value},
                                 {'n', "command-name", Arg::value},
                                 {'w', "warmup", Arg::value},
                                 {'r', "runs", Arg::value},
                                 {'m', "min-runs", Arg::value},
                                 {'M', "max-runs", Arg::value},
                                 {'P', "parameter-scan", Arg::value},
                                 {'D', "parameter-step-size", Arg::value},
                                 {'L', "parameter-list", Arg::value},
                                 {'S', "shell", Arg::value},
                                 {'u', "time-unit", Arg::value},
                                 {'N', "no-shell"},
                                 {'i', "ignore-failure"},
                                 {0, "style", Arg::value},
                                 {0, "input", Arg::value},
                                 {0, "output", Arg::value},
                                 {0, "sort", Arg::value},
                                 {0, "reference", Arg::value},
                                 {0, "export-json", Arg::value},
                                 {0, "export-csv", Arg::value},
                                 {0, "export-markdown", Arg::value},
                                 {0, "show-output"},
                                 {'h', "help"},
                                 {'V', "version"}};
/// Each operand is a line of its own.
void lines(const Call& call, Sink& sink) {
  if (call.any(kInforms)) return;
  for (std::string_view option : {"prepare", "setup", "cleanup", "conclude"})
    for (const Argument* code : call.values(option)) run_line(sink, code->value, code->place);
  for (const Argument* code : call.operands()) run_line(sink, code->value, code->place);
}
constexpr Option kConcurrently[] = {{'n', "names", Arg::value},
                                    {'c', "prefix-colors", Arg::value},
                                    {'p', "prefix", Arg::value},
                                    {'m', "max-processes", Arg::value},
                                    {'s', "success", Arg::value},
                                    {'k', "kill-others"},
                                    {'r', "raw"},
                                    {0, "restart-tries", Arg::value},
                                    {0, "help"}};

// Debuggers and profilers

/// dump [FORMAT] memory|value FILE …, append …, save WHAT FILE, set logging file FILE: "Copy between memory
/// and a file" and "Logging output" of the manual.
std::string file_written_by(const std::string& command) {
  std::vector<std::string> words;
  for (size_t at = 0; at < command.size();) {
    const size_t start = std::min(command.find_first_not_of(' ', at), command.size());
    const size_t end = std::min(command.find(' ', start), command.size());
    if (end > start) words.push_back(command.substr(start, end - start));
    at = end;
  }
  if (words.size() < 3) return {};
  if (words[0] == "save") return words[2];
  if (words[0] == "set" && words[1] == "logging" && words.size() > 3) return words[3];
  if (words[0] != "dump" && words[0] != "append") return {};
  for (size_t i = 1; i + 1 < words.size() && i < 3; ++i)
    if (words[i] == "value" || words[i] == "memory") return words[i + 1];
  return words[1];
}

/// What a debugger is told: `shell CODE`, `!CODE`, `python CODE`.
void run_debugger_command(const Argument& told, const Call& call, Sink& sink) {
  const std::string command = told.value.with_holes_empty();
  if (std::string file = file_written_by(command); !file.empty()) {
    std::erase(file, '"');
    return write_effect(sink, {Value::exact(std::move(file)), told.place, nullptr}, Write::replace);
  }
  for (std::string_view shell : {"shell ", "!", "platform shell "})
    if (command.starts_with(shell))
      return run_line(sink, Value::exact(command.substr(shell.size())), told.place);
  for (std::string_view python : {"python ", "py ", "script "})
    if (command.starts_with(python)) {
      sink.run({{Value::exact("python3"), told.place, nullptr},
                {Value::exact("-c"), told.place, nullptr},
                {Value::exact(command.substr(python.size())), told.place, nullptr}},
               sink.as(call.program()));
      return;
    }
}
/// gdb --args PROGRAM; -ex COMMAND, with one dash or two, the command behind a blank or `=`.
void gdb(const Call& call, Sink& sink) {
  static constexpr std::string_view kLauncherCommands[] = {"ex", "iex", "eval-command", "init-eval-command",
                                                           "o",  "O",   "one-line"};
  const auto& argv = call.argv();
  for (size_t i = 1; i < argv.size(); ++i) {
    const std::string word = argv[i].value.with_holes_empty();
    if (word == "--args" || word == "-args" || (word == "--" && call.program() == "lldb")) {
      std::vector<Argument> inner(argv.begin() + static_cast<std::ptrdiff_t>(i) + 1, argv.end());
      if (!inner.empty()) sink.run(std::move(inner), sink.as(call.program()));
      return;
    }
    if (!word.starts_with('-')) continue;
    const size_t equals = word.find('='), name = std::min(word.find_first_not_of('-'), word.size());
    if (!among(kLauncherCommands, std::string_view(word).substr(name, equals - name))) continue;
    if (equals != std::string::npos)
      run_debugger_command({Value::exact(word.substr(equals + 1)), argv[i].place, nullptr}, call, sink);
    else if (i + 1 < argv.size())
      run_debugger_command(argv[++i], call, sink);
  }
}
constexpr Option kPerf[] = {{'e', "event", Arg::value},
                            {'r', "repeat", Arg::value},
                            {'o', "output", Arg::value},
                            {'p', "pid", Arg::value},
                            {'t', "tid", Arg::value},
                            {'C', "cpu", Arg::value},
                            {'F', "freq", Arg::value},
                            {'c', "count", Arg::value},
                            {'I', "interval-print", Arg::value},
                            {'x', "field-separator", Arg::value},
                            {'m', "mmap-pages", Arg::value},
                            {'G', "cgroup", Arg::value},
                            {'M', "metrics", Arg::value},
                            {'D', "delay", Arg::value},
                            {'u', "uid", Arg::value},
                            {0, "call-graph", Arg::value},
                            {0, "filter", Arg::value},
                            {0, "pre", Arg::value},
                            {0, "post", Arg::value},
                            {'a', "all-cpus"},
                            {'g', "call-graph-default"},
                            {'v', "verbose"},
                            {'d', "detailed"},
                            {0, "help"}};
/// perf stat, record, trace … PROGRAM; its other verbs look at what was recorded.
void perf(const Call& call, Sink& sink) {
  static constexpr std::string_view kRuns[] = {"stat", "record", "trace", "mem",
                                               "c2c",  "kvm",    "lock",  "sched"};
  const std::string verb = call.operand(0);
  if (!among(kRuns, verb)) return;
  const bool nested = call.operand(1) == "record";  // perf mem record PROGRAM
  if (!nested && verb != "stat" && verb != "record" && verb != "trace") return;
  const size_t at = call.argv().size() - call.rest().size();
  const Call inner(call.invocation(), kPerf, Order::leading, at + 1);
  for (std::string_view option : {"pre", "post"})
    if (const Argument* code = inner.value(option)) run_line(sink, code->value, code->place);
  if (!inner.any("pid tid help")) run_rest(inner, sink, nested ? 1 : 0);
}
constexpr Option kHeaptrack[] = {{'o', "output", Arg::value},
                                 {'p', "pid", Arg::value},
                                 {'r', "raw"},
                                 {'a', "analyze"},
                                 {'d', "debug"},
                                 {0, "use-inject"},
                                 {'h', "help"}};
void heaptrack(const Call& call, Sink& sink) {
  if (!call.any("pid analyze help")) run_rest(call, sink, 0);
}

// Clock, architecture, resources, rights

constexpr Option kFaketime[] = {{'m', "multithread"},
                                {'f', "format", Arg::value},
                                {'p', "pid", Arg::value},
                                {0, "exclude-monotonic"},
                                {'h', "help"},
                                {'v', "version"}};
/// The time is an operand, or follows -f.
void faketime(const Call& call, Sink& sink) {
  if (!call.any("help version pid")) run_rest(call, sink, call.has("format") ? 0 : 1);
}
constexpr Option kSetarch[] = {{'R', "addr-no-randomize"},
                               {'v', "verbose"},
                               {'B', "32bit"},
                               {'F', "fdpic-funcptrs"},
                               {'I', "short-inode"},
                               {'L', "addr-compat-layout"},
                               {'S', "whole-seconds"},
                               {'T', "sticky-timeouts"},
                               {'X', "read-implies-exec"},
                               {'Z', "mmap-page-zero"},
                               {'3', "3gb"},
                               {0, "4gb"},
                               {0, "uname-2.6"},
                               {0, "list"},
                               {'h', "help"},
                               {'V', "version"}};
/// setarch [ARCH] [OPTION…] PROGRAM
void setarch(const Call& call, Sink& sink) {
  static constexpr std::string_view kArchs[] = {
      "linux32", "linux64", "i386",  "i486", "i586",   "i686",    "x86_64", "athlon", "ppc",
      "ppc64",   "s390",    "s390x", "mips", "mips64", "aarch64", "arm",    "armv7l", "riscv64"};
  if (call.any(kInforms)) return;
  if (!among(kArchs, call.operand(0))) return run_rest(call, sink, 0);
  after_verb(call, sink, kSetarch, 0);
}
/// macOS: arch -x86_64 PROGRAM; elsewhere `arch` only prints.
constexpr Option kArch[] = {{0, "arch", Arg::value}, {0, "x86_64"}, {0, "arm64"},
                            {0, "arm64e"},           {0, "i386"},   {'e', "e", Arg::value},
                            {'d', "d", Arg::value},  {'c', "c"}};
void arch(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  size_t i = 1;
  while (i < argv.size() && argv[i].value.prefix().starts_with('-'))
    i += argv[i].value.with_holes_empty() == "-arch" || argv[i].value.with_holes_empty() == "-e" ? 2 : 1;
  if (i > 1 && i < argv.size())
    sink.run({argv.begin() + static_cast<std::ptrdiff_t>(i), argv.end()}, sink.as("arch"));
}
constexpr Option kInhibit[] = {{0, "what", Arg::value},
                               {0, "who", Arg::value},
                               {0, "why", Arg::value},
                               {0, "mode", Arg::value},
                               {0, "list"},
                               {'h', "help"},
                               {0, "version"}};
constexpr Option kRlwrap[] = {{'a', "always-readline", Arg::optional},
                              {'b', "break-chars", Arg::value},
                              {'C', "command-name", Arg::value},
                              {'D', "history-no-dupes", Arg::value},
                              {'f', "file", Arg::value},
                              {'F', "history-format", Arg::value},
                              {'g', "forget-matching", Arg::value},
                              {'H', "history-filename", Arg::value},
                              {'l', "logfile", Arg::value},
                              {'M', "multi-line-ext", Arg::value},
                              {'m', "multi-line", Arg::optional},
                              {'O', "only-cook", Arg::value},
                              {'p', "prompt-colour", Arg::optional},
                              {'P', "pre-given", Arg::value},
                              {'q', "quote-characters", Arg::value},
                              {'s', "histsize", Arg::value},
                              {'S', "substitute-prompt", Arg::value},
                              {'t', "set-term-name", Arg::value},
                              {'w', "wait-before-prompt", Arg::value},
                              {'z', "filter", Arg::value},
                              {'W', "polling", Arg::optional},
                              {'h', "help"},
                              {'v', "version"}};
constexpr Option kSshAgent[] = {{'a', "bind", Arg::value},    {'t', "lifetime", Arg::value},
                                {'E', "hash", Arg::value},    {'O', "option", Arg::value},
                                {'P', "allowed", Arg::value}, {'k', "kill"},
                                {'D', "foreground"}};
constexpr Option kPrlimit[] = {{'p', "pid", Arg::value}, {'o', "output", Arg::value},
                               {0, "noheadings"},        {0, "raw"},
                               {0, "verbose"},           {'h', "help"},
                               {'V', "version"}};
void limited(const Call& call, Sink& sink) {
  if (!call.any("pid exe help version show hardware")) run_rest(call, sink, 0);
}
constexpr Option kCpulimit[] = {{'l', "limit", Arg::value}, {'p', "pid", Arg::value},
                                {'P', "path", Arg::value},  {'e', "exe", Arg::value},
                                {'c', "cpu", Arg::value},   {'b', "background"},
                                {'f', "foreground"},        {'z', "lazy"},
                                {'m', "monitor-forks"},     {'i', "include-children"},
                                {'v', "verbose"},           {'h', "help"}};
constexpr Option kNumactl[] = {{'i', "interleave", Arg::value},
                               {'p', "preferred", Arg::value},
                               {'C', "physcpubind", Arg::value},
                               {'N', "cpunodebind", Arg::value},
                               {'m', "membind", Arg::value},
                               {'l', "localalloc"},
                               {'s', "show"},
                               {'H', "hardware"},
                               {'a', "all"}};
constexpr Option kSetpriv[] = {{0, "reuid", Arg::value},
                               {0, "regid", Arg::value},
                               {0, "ruid", Arg::value},
                               {0, "rgid", Arg::value},
                               {0, "euid", Arg::value},
                               {0, "egid", Arg::value},
                               {0, "groups", Arg::value},
                               {0, "inh-caps", Arg::value},
                               {0, "ambient-caps", Arg::value},
                               {0, "bounding-set", Arg::value},
                               {0, "securebits", Arg::value},
                               {0, "pdeathsig", Arg::value},
                               {0, "selinux-label", Arg::value},
                               {0, "apparmor-profile", Arg::value},
                               {'d', "dump"},
                               {'h', "help"},
                               {'V', "version"}};
constexpr Option kTrickle[] = {
    {'d', "download", Arg::value},  {'u', "upload", Arg::value},  {'w', "window", Arg::value},
    {'t', "smoothing", Arg::value}, {'l', "latency", Arg::value}, {'L', "length", Arg::value},
    {'n', "name", Arg::value},      {'s', "standalone"},          {'v', "verbose"}};
constexpr Option kCgexec[] = {{'g', "group", Arg::value}, {0, "sticky"}, {'b', "b"}};
constexpr Option kInit[] = {{'p', "death-signal", Arg::value},
                            {'e', "expect", Arg::value},
                            {'r', "rewrite", Arg::value},
                            {'s', "subreaper"},
                            {'g', "group"},
                            {'v', "verbose"},
                            {'w', "warn"},
                            {'c', "single-child"},
                            {'h', "help"},
                            {'V', "version"}};
constexpr Option kChpst[] = {{'u', "user", Arg::value},
                             {'U', "env-user", Arg::value},
                             {'b', "argv0", Arg::value},
                             {'e', "envdir", Arg::value},
                             {'/', "root", Arg::value},
                             {'C', "cwd", Arg::value},
                             {'n', "nice", Arg::value},
                             {'l', "lock", Arg::value},
                             {'L', "Lock", Arg::value},
                             {'m', "memory", Arg::value},
                             {'d', "data", Arg::value},
                             {'o', "files", Arg::value},
                             {'p', "processes", Arg::value},
                             {'f', "size", Arg::value},
                             {'c', "core", Arg::value},
                             {'a', "address", Arg::value},
                             {'s', "stack", Arg::value},
                             {'r', "rss", Arg::value},
                             {'t', "time", Arg::value},
                             {'v', "verbose"},
                             {'P', "group"},
                             {'0', "0"}};
constexpr Option kDaemonize[] = {{'c', "cwd", Arg::value},
                                 {'e', "stderr", Arg::value},
                                 {'o', "stdout", Arg::value},
                                 {'p', "pidfile", Arg::value},
                                 {'l', "lock", Arg::value},
                                 {'u', "user", Arg::value},
                                 {'E', "env", Arg::value},
                                 {'a', "append"},
                                 {'v', "verbose"}};
constexpr Option kStartStop[] = {{'S', "start"},
                                 {'K', "stop"},
                                 {'T', "status"},
                                 {'x', "exec", Arg::value},
                                 {'a', "startas", Arg::value},
                                 {'p', "pidfile", Arg::value},
                                 {'u', "user", Arg::value},
                                 {'c', "chuid", Arg::value},
                                 {'g', "group", Arg::value},
                                 {'n', "name", Arg::value},
                                 {'s', "signal", Arg::value},
                                 {'d', "chdir", Arg::value},
                                 {'r', "chroot", Arg::value},
                                 {'N', "nicelevel", Arg::value},
                                 {'R', "retry", Arg::value},
                                 {'k', "umask", Arg::value},
                                 {'b', "background"},
                                 {'m', "make-pidfile"},
                                 {'q', "quiet"},
                                 {'o', "oknodo"},
                                 {'t', "test"}};
void start_stop(const Call& call, Sink& sink) {
  const Argument* program = call.value("startas") != nullptr ? call.value("startas") : call.value("exec");
  if (program == nullptr || !call.has("start") || call.has("test")) return;
  std::vector<Argument> argv = call.rest();
  argv.insert(argv.begin(), *program);
  sink.run(std::move(argv), sink.as(call.program()));
}
/// sg GROUP [-c] CODE
void sg(const Call& call, Sink& sink) {
  const std::vector<Argument> rest = call.rest(1);
  if (rest.empty()) return;
  const bool option = rest.front().value.with_holes_empty() == "-c";
  if (!option || rest.size() > 1) run_line(sink, rest[option ? 1 : 0].value, rest[option ? 1 : 0].place);
}

// Terminals

/// xterm … -e PROGRAM: all that follows the option; --command=CODE.
void terminal(const Call& call, Sink& sink) {
  static constexpr std::string_view kGlued = "--command=";
  const auto& argv = call.argv();
  for (size_t i = 1; i < argv.size(); ++i) {
    const std::string word = argv[i].value.with_holes_empty();
    if (word.starts_with(kGlued))
      return run_line(sink, Value::exact(word.substr(kGlued.size())), argv[i].place);
    if (i + 1 == argv.size()) return;
    if (word != "-e" && word != "-x" && word != "--command" && word != "--") continue;
    std::vector<Argument> rest(argv.begin() + static_cast<std::ptrdiff_t>(i) + 1, argv.end());
    if (rest.size() == 1)
      run_line(sink, rest.front().value, rest.front().place);
    else
      sink.run(std::move(rest), sink.as(call.program()));
    return;
  }
}

constexpr CommandSpec kLauncherCommands[] = {
    {"entr", kEntr, Order::leading, launch<entr>},
    {"watchexec", kWatchexec, Order::leading, launch<watchexec>},
    {"nodemon chokidar", kNodemon, Order::permuted, launch<code_option>},
    {"hyperfine", kHyperfine, Order::permuted, launch<lines>},
    {"concurrently", kConcurrently, Order::permuted, launch<lines>},
    {"gdb lldb", {}, Order::raw, launch<gdb>},
    {"perf", kPerf, Order::leading, launch<perf>},
    {"heaptrack", kHeaptrack, Order::leading, launch<heaptrack>},
    {"catchsegv chronic eatmydata ifne with-contenv flatpak-spawn distrobox-host-exec kitty foot", kInforming,
     Order::leading, launch<after<0>>},
    {"logsave gosu su-exec s6-setuidgid setuidgid envuidgid envdir s6-envdir setlock s6-setlock", kInforming,
     Order::leading, launch<after<1>>},
    {"faketime", kFaketime, Order::leading, launch<faketime>},
    {"setarch linux32 linux64", kSetarch, Order::leading, launch<setarch>},
    {"arch", kArch, Order::raw, launch<arch>},
    {"systemd-inhibit", kInhibit, Order::leading, launch<after<0>>},
    {"rlwrap", kRlwrap, Order::leading, launch<after<0>>},
    {"ssh-agent", kSshAgent, Order::leading, launch<after<0>>},
    {"prlimit", kPrlimit, Order::leading, launch<limited>},
    {"cpulimit", kCpulimit, Order::leading, launch<limited>},
    {"numactl", kNumactl, Order::leading, launch<limited>},
    {"setpriv", kSetpriv, Order::leading, launch<after<0>>},
    {"trickle", kTrickle, Order::leading, launch<after<0>>},
    {"cgexec", kCgexec, Order::leading, launch<after<0>>},
    {"tini dumb-init catatonit", kInit, Order::leading, launch<after<0>>},
    {"chpst softlimit s6-softlimit", kChpst, Order::leading, launch<after<0>>},
    {"daemonize", kDaemonize, Order::leading, launch<after<0>>},
    {"start-stop-daemon", kStartStop, Order::permuted, launch<start_stop>},
    {"sg", kInforming, Order::leading, launch<sg>},
    {"xterm uxterm urxvt st gnome-terminal ghostty konsole alacritty xfce4-terminal lxterminal terminator "
     "tilix wezterm",
     {},
     Order::raw,
     launch<terminal>},
};

}  // namespace

std::span<const CommandSpec> launcher_commands() { return kLauncherCommands; }

}  // namespace cmdai::commands
