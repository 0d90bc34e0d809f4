// The running machine: processes, services, power, users, schedules, firewall, kernel, security switches.
// systemd 252, procps, shadow, cron; macOS tools.
#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/critical_services.hpp"
#include "libcore/commands/processes.hpp"
#include "libcore/commands/service_scripts.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

bool is_guard(const std::string& name) { return name == "cmdaid" || name.starts_with("cmdai"); }

/// signal(7): by name without SIG; the numbers that end nothing, too.
std::string signal_name(std::string text) {
  static constexpr std::string_view kNumbers[][2] = {{"1", "HUP"},   {"10", "USR1"}, {"12", "USR2"},
                                                     {"17", "CHLD"}, {"18", "CONT"}, {"23", "URG"},
                                                     {"28", "WINCH"}};
  for (const auto& [number, name] : kNumbers)
    if (text == number) return std::string(name);
  text = upper(text);
  return text.starts_with("SIG") ? text.substr(3) : text;
}

/// Signals a daemon goes on after: it reads its settings or opens its log anew. 0 only asks whether it runs.
bool spares(std::string_view signal) {
  static constexpr std::string_view kSparing[] = {"0", "HUP", "USR1", "USR2", "CHLD", "CONT", "URG", "WINCH"};
  return among(kSparing, signal);
}

/// kill -SIGNAL, -s SIGNAL, -n NUMBER: stands first, or it is a process.
std::string signal_of_kill(const Call& call) {
  const std::string first = call.operand(0);
  if (first == "-s" || first == "-n" || first == "--signal") return signal_name(call.operand(1));
  if (first.starts_with("--signal=")) return signal_name(first.substr(9));
  if (first.size() > 2 && first.starts_with("-s")) return signal_name(first.substr(2));
  return first.size() > 1 && first[0] == '-' && first != "--" ? signal_name(first.substr(1)) : "TERM";
}

/// What the end of a process by this name means; nothing: no more than that.
std::string_view tag_of_process(const std::string& name, std::string_view signal) {
  if (spares(signal)) return {};
  return is_guard(name) ? "self.kill" : is_critical_process(name) ? "service.stop-critical" : "";
}

void kill(const Call& call, Sink& sink) {
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    if (text == "-l" || text == "-L" || text == "--list") return;
  }
  const std::string signal = signal_of_kill(call);
  if (signal == "0") return;
  bool first = true;
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    if (const auto process = process_of(word->value)) {
      if (const std::string_view tag = tag_of_process(*process, signal); !tag.empty())
        sink.on(Kind::stops_service, tag, *word);
    } else if (text == "-1" && word == call.operands().back() && call.operands().size() > 1) {
      sink.on(Kind::stops_service, "sys.kill-all", *word);
    } else if (text == "1" && word == call.operands().back()) {
      sink.on(Kind::stops_service, "sys.kill-all", *word);
    } else if (text == "0" && first) {
      sink.on(Kind::stops_service, "sys.kill", *word);
    }
    first = first && text == "--";
  }
}

constexpr Option kKillall[] = {{'s', "signal", Arg::value},
                               {'u', "user", Arg::value},
                               {'9', "nine"},
                               {'f', "full"},
                               {'x', "exact"},
                               {'i', "interactive"},
                               {'r', "regexp"},
                               {'q', "quiet"},
                               {'v', "verbose"},
                               {'w', "wait"},
                               {'e', "exact"},
                               {'n', "newest"},
                               {'o', "oldest"},
                               {'P', "parent", Arg::value},
                               {'t', "terminal", Arg::value},
                               {'l', "list"},
                               {'g', "group", Arg::value},
                               {'U', "ruid", Arg::value},
                               {'K', "K"},
                               {'I', "ignore-case"},
                               {'T', "T"},
                               {'L', "L"},
                               {'E', "E"}};
/// killall -s SIGNAL, -SIGNAL; pkill -SIGNAL, --signal SIGNAL: among the other options.
std::string signal_of_killall(const Call& call) {
  static constexpr std::string_view kNames[] = {"0",    "HUP",  "INT",  "QUIT", "KILL", "TERM",
                                                "STOP", "USR1", "USR2", "CHLD", "CONT", "URG",
                                                "TSTP", "ABRT", "ALRM", "PIPE", "WINCH"};
  for (const Argument& word : call.argv()) {
    const std::string text = word.value.with_holes_empty();
    if (!text.starts_with('-') || text.size() < 2) continue;
    std::string name = signal_name(text.substr(1));
    const bool number = name.find_first_not_of("0123456789") == std::string::npos;
    if (number || among(kNames, name)) return name;
  }
  const bool named = call.program() != "pkill" || call.has("signal");  // pkill -s is a session
  return named && call.value("signal") != nullptr ? signal_name(call.text("signal")) : "TERM";
}

void killall(const Call& call, Sink& sink) {
  static constexpr std::string_view kEverything[] = {".", ".*", "init", "systemd"};
  if (call.has("list")) return;
  const std::string signal = signal_of_killall(call);
  if (signal == "0") return;
  for (const Argument* name : call.operands()) {
    const std::string text = name->value.with_holes_empty();
    const std::string_view tag = among(kEverything, text) ? "sys.kill-all" : tag_of_process(text, signal);
    sink.on(Kind::stops_service, tag.empty() ? "sys.kill" : tag, *name);
  }
  if (call.operands().empty() && call.has("user"))
    sink.add(Kind::stops_service, "sys.kill-all").target.text = call.text("user");
}

constexpr Option kPower[] = {{'h', "halt"},
                             {'r', "reboot"},
                             {'P', "poweroff"},
                             {'H', "Halt"},
                             {'c', "cancel"},
                             {'k', "wall-only"},
                             {'f', "force"},
                             {0, "show"},
                             {0, "help"},
                             {'n', "no-sync"},
                             {'w', "wtmp-only"},
                             {'p', "p"},
                             {'t', "time", Arg::value}};
void power(const Call& call, Sink& sink) {
  if (!call.any("cancel help wall-only show wtmp-only")) sink.add(Kind::stops_service, "sys.power");
}
void init(const Call& call, Sink& sink) {
  const std::string level = call.operand(0);
  if (level == "0" || level == "6" || level == "1") sink.add(Kind::stops_service, "sys.power");
}

constexpr Option kSystemctl[] = {{0, "user"},
                                 {0, "now"},
                                 {0, "force"},
                                 {'f', "force"},
                                 {'q', "quiet"},
                                 {'t', "type", Arg::value},
                                 {'H', "host", Arg::value},
                                 {'M', "machine", Arg::value},
                                 {'n', "lines", Arg::value},
                                 {'o', "output", Arg::value},
                                 {'p', "property", Arg::value},
                                 {'a', "all"},
                                 {'l', "full"},
                                 {'s', "signal", Arg::value},
                                 {0, "no-block"},
                                 {0, "state", Arg::value}};
/// ExecStart=-/bin/sh -c 'x': what a unit runs, without systemd's marks, systemd.service(5).
void run_unit(const Value& unit, resolve::Place place, Sink& sink) {
  const std::string text = unit.text().value_or("");
  size_t begin = 0;
  while (begin < text.size() && sink.spend(64)) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trimmed(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    const size_t equals = line.find('=');
    if (!line.starts_with("Exec") || equals == std::string_view::npos) continue;
    std::string_view code = line.substr(equals + 1);
    code.remove_prefix(std::min(code.find_first_not_of("@-:+! "), code.size()));
    resolve::RunAs how = sink.as("systemctl");
    how.wrapper.gains_privilege = true;
    sink.run_code({Value::exact(std::string(code)), place}, *dialect_from_name("sh"), how);
  }
}
/// A unit this very line wrote, started or enabled before anybody has looked at it.
void start_units(const Call& call, Sink& sink) {
  static constexpr std::string_view kStarts[] = {"enable", "reenable", "start", "restart",
                                                 "reload-or-restart"};
  if (!among(kStarts, call.operand(0))) return;
  for (size_t i = 1; i < call.operands().size(); ++i) {
    const Argument& unit = *call.operands()[i];
    std::string name = unit.value.text().value_or("");
    if (name.empty() || name.find('/') != std::string::npos) continue;
    if (name.find('.') == std::string::npos) name += ".service";
    for (const std::string& folder :
         {std::string("/etc/systemd/system/"), std::string("/lib/systemd/system/"),
          std::string("/usr/lib/systemd/system/"), sink.home() + "/.config/systemd/user/"}) {
      Argument file = unit;
      file.value = Value::exact(folder + name);
      const Value* content = sink.file_content(file.value);
      if (content == nullptr) continue;
      sink.on_path(Kind::changes_config, "persist.service-started", file);
      run_unit(Value(*content), unit.place, sink);
    }
  }
}
/// A unit file by its path is linked into where units are started from; and what every unit gets.
void link_units(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  const bool links = verb == "enable" || verb == "reenable" || verb == "link";
  for (size_t i = 1; i < call.operands().size(); ++i) {
    const std::string word = call.operand(i);
    if (links && word.find('/') != std::string::npos)
      sink.on_path(Kind::changes_config, "persist.service", *call.operands()[i]);
    if (verb == "set-environment" && (word.starts_with("LD_PRELOAD=") || word.starts_with("LD_AUDIT=")))
      sink.on(Kind::changes_config, "exec.hijack", *call.operands()[i]);
  }
}
void stop_unit(const Argument& unit, const std::string& how, Sink& sink) {
  const std::string name = unit.value.with_holes_empty();
  const std::string_view tag = is_guard(name)              ? "self.kill"
                               : is_critical_service(name) ? "service.stop-critical"
                                                           : "service.stop";
  sink.on(Kind::stops_service, tag, unit).detail = how;
}
/// VERB UNIT…
void stop_units(const Call& call, Sink& sink, size_t first) {
  for (size_t i = first; i < call.operands().size(); ++i)
    stop_unit(*call.operands()[i], call.operand(0), sink);
}

void systemctl(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  if (verb == "poweroff" || verb == "reboot" || verb == "halt" || verb == "kexec" || verb == "rescue" ||
      verb == "emergency" || verb == "suspend" || verb == "hibernate") {
    if (verb != "suspend" && verb != "hibernate") sink.add(Kind::stops_service, "sys.power");
    return;
  }
  link_units(call, sink);
  start_units(call, sink);
  if (verb == "isolate") sink.add(Kind::stops_service, "sys.power");
  if (verb != "stop" && verb != "disable" && verb != "mask" && verb != "kill") {
    if (verb == "set-default" &&
        (call.operand(1).starts_with("rescue") || call.operand(1).starts_with("emergency")))
      sink.add(Kind::stops_service, "sys.power");
    return;
  }
  stop_units(call, sink, 1);
}
/// service NAME stop; invoke-rc.d, and a script of /etc/init.d called by its path.
void service(const Call& call, Sink& sink) {
  if (call.operand(1) == "stop") stop_unit(*call.operands().front(), "stop", sink);
}
/// runit: sv stop NAME…; upstart: initctl stop NAME; OpenBSD: rcctl stop NAME…; supervisord.
void stop_by_verb(const Call& call, Sink& sink) {
  static constexpr std::string_view kVerbs[] = {
      "stop", "down", "d", "exit", "x", "force-stop", "shutdown", "force-shutdown", "disable"};
  if (among(kVerbs, call.operand(0))) stop_units(call, sink, 1);
}
/// daemontools and s6: svc -d DIRECTORY…; x: its supervisor, too.
void svc(const Call& call, Sink& sink) {
  if (call.any("d x k D")) stop_units(call, sink, 0);
}

constexpr Option kCrontab[] = {
    {'r', "remove"}, {'l', "list"}, {'e', "edit"}, {'u', "user", Arg::value}, {'i', "interactive"}};
/// MINUTE HOUR DAY MONTH WEEKDAY CODE, @daily CODE: the code, up to a `%` of its own; "" for other lines.
std::string code_of_entry(std::string line) {
  size_t at = line.find_first_not_of(" \t");
  if (at == std::string::npos || line[at] == '#') return {};
  const bool named = line[at] == '@';
  if (!named && line.find('=') < line.find_first_of(" \t", at)) return {};
  for (int fields = named ? 1 : 5; fields > 0 && at != std::string::npos; --fields)
    at = line.find_first_not_of(" \t", std::min(line.find_first_of(" \t", at), line.size()));
  if (at == std::string::npos) return {};
  line.erase(0, at);
  for (size_t percent = line.find('%'); percent != std::string::npos; percent = line.find('%', percent + 1))
    if (percent == 0 || line[percent - 1] != '\\') return line.substr(0, percent);
  return line;
}
void run_entries(const std::string& table, Sink& sink, resolve::Place place) {
  for (size_t at = 0; at < table.size();) {
    const size_t end = std::min(table.find('\n', at), table.size());
    const std::string code = code_of_entry(table.substr(at, end - at));
    at = end + 1;
    if (code.empty()) continue;
    resolve::RunAs how = sink.as("crontab");
    how.child_shell = true;
    sink.run_shell(Value::exact(code), *dialect_from_name("sh"), how, place);
  }
}
/// The table comes from a file, or from standard input: as `-` says, and where there is one without it.
void crontab(const Call& call, Sink& sink) {
  const resolve::Input& input = call.invocation().input;
  const bool reads =
      call.operand(0) == "-" || (call.operands().empty() && input.kind != resolve::Input::Kind::inherited);
  if (call.has("remove")) {
    sink.add(Kind::changes_config, "sys.cron-remove");
  } else if (!call.any("list edit") && (reads || !call.operands().empty())) {
    sink.add(Kind::changes_config, "sys.cron");
    const Value* file = reads ? &input.data : sink.file_content(call.operands().front()->value);
    if (file != nullptr) run_entries(file->with_holes_empty(), sink, call.invocation().place);
  }
}

constexpr Option kCmdai[] = {{0, "list"},
                             {0, "remove", Arg::value},
                             {0, "reason", Arg::value},
                             {0, "always"},
                             {0, "here"},
                             {0, "expires", Arg::value},
                             {0, "local"},
                             {0, "json"},
                             {0, "yes"},
                             {0, "program", Arg::value},
                             {0, "root", Arg::value},
                             {'n', "dry-run"}};
void cmdai(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  if (verb == "stop") sink.add(Kind::stops_service, "self.kill");
  if (verb == "allow" && (!call.operand(1).empty() || call.has("remove")))
    sink.add(Kind::changes_config, "self.approve");
  const bool other_rules =
      call.operand(1) == "trust" || call.operand(1) == "untrust" ||
      (call.operand(1) == "template" && call.operand(2) == "use" && !call.has("dry-run"));
  const bool unhooks = call.operand(1) == "remove" || (call.operand(1) == "install" && call.has("program"));
  if (verb == "agents" && unhooks && !call.has("dry-run")) sink.add(Kind::changes_config, "self.disable");
  if (verb == "policy" && other_rules) sink.add(Kind::changes_config, "self.approve");
}

/// The hooks' own client: the answer to a question is a person's.
void cmdai_hook(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  const std::string what = call.operand(1);
  if (verb == "confirm" || (verb == "send" && (what == "answer" || what == "allow")))
    sink.add(Kind::changes_config, "self.approve");
}

/// SysV and OpenRC: services that no longer start.
void boot_service(const Call& call, Sink& sink) {
  const std::string& p = call.program();
  const std::string name = p == "rc-update" ? call.operand(1) : call.operand(0);
  const std::string verb = p == "rc-update" ? call.operand(0) : call.operand(1);
  if ((verb != "disable" && verb != "remove" && verb != "off" && verb != "del") || call.operands().size() < 2)
    return;
  sink.on(Kind::stops_service, is_critical_service(name) ? "service.stop-critical" : "service.stop",
          *call.operands()[0]);
}

/// logind asks systemd for these.
constexpr Verb kLoginVerbs[] = {
    {"poweroff", Kind::stops_service, "sys.power"},
    {"reboot", Kind::stops_service, "sys.power"},
    {"halt", Kind::stops_service, "sys.power"},
    {"kexec", Kind::stops_service, "sys.power"},
};
constexpr Option kKexec[] = {{'e', "exec"}, {'l', "load"}, {'p', "load-panic"}, {'u', "unload"}};
/// kexec -e: into the loaded kernel at once, without shutting anything down.
void kexec(const Call& call, Sink& sink) {
  if (call.has("exec")) sink.add(Kind::stops_service, "sys.power");
}

constexpr CommandSpec kSystemCommands[] = {
    {"update-rc.d chkconfig rc-update", {}, Order::permuted, boot_service},
    {"kill", {}, Order::raw, kill},
    {"killall pkill skill", kKillall, Order::permuted, killall},
    {"shutdown reboot halt poweroff", kPower, Order::permuted, power},
    {"init telinit", kPower, Order::permuted, init},
    {"systemctl", kSystemctl, Order::permuted, systemctl},
    {"service rc-service invoke-rc.d", {}, Order::permuted, service},
    {"sv initctl rcctl supervisorctl", {}, Order::permuted, stop_by_verb},
    {"svc s6-svc", {}, Order::permuted, svc},
    {"loginctl", kSystemctl, Order::permuted, verbs<kLoginVerbs>},
    {"kexec", kKexec, Order::permuted, kexec},
    {"crontab", kCrontab, Order::permuted, crontab},
    {"cmdai", kCmdai, Order::permuted, cmdai},
    {"cmdai-hook", {}, Order::permuted, cmdai_hook},
};

}  // namespace

std::vector<Argument> as_service_call(const Invocation& invocation) {
  static constexpr std::string_view kFolders[] = {"/etc/init.d", "/etc/rc.d", "/etc/rc.d/init.d",
                                                  "/usr/local/etc/rc.d"};
  if (!invocation.argv.front().value.prefix().starts_with('/')) return {};
  const std::string path = invocation.argv.front().value.text().value_or("");
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos || !among(kFolders, std::string_view(path).substr(0, slash))) return {};
  const Argument& script = invocation.argv.front();
  std::vector<Argument> argv{{Value::exact("service"), script.place, nullptr},
                             {Value::exact(path.substr(slash + 1)), script.place, nullptr}};
  argv.insert(argv.end(), invocation.argv.begin() + 1, invocation.argv.end());
  return argv;
}

std::span<const CommandSpec> system_commands() { return kSystemCommands; }

}  // namespace cmdai::commands
