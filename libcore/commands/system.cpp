// The running machine: processes, services, power, users, schedules, firewall, kernel, security switches.
// systemd 252, procps, shadow, cron; macOS tools.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/critical_services.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

bool is_guard(const std::string& name) { return name == "cmdaid" || name.starts_with("cmdai"); }

void kill(const Call& call, Sink& sink) {
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    if (text == "-l" || text == "-L" || text == "--list") return;
  }
  bool signal = true;
  for (const Argument* word : call.operands()) {
    const std::string text = word->value.with_holes_empty();
    if (text == "-1" && word == call.operands().back() && call.operands().size() > 1)
      sink.on(Kind::stops_service, "sys.kill-all", *word);
    else if (text == "1" && word == call.operands().back())
      sink.on(Kind::stops_service, "sys.kill-all", *word);
    else if (text == "0" && signal && !call.operands().empty() && word == call.operands().front())
      sink.on(Kind::stops_service, "sys.kill", *word);
    signal = signal && text == "--";
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
void killall(const Call& call, Sink& sink) {
  if (call.has("list")) return;
  for (const Argument* name : call.operands()) {
    const std::string text = name->value.with_holes_empty();
    if (is_guard(text))
      sink.on(Kind::stops_service, "self.kill", *name);
    else if (text == "." || text == ".*" || text == "init" || text == "systemd" || text == "sshd" ||
             text == "dbus-daemon")
      sink.on(Kind::stops_service, "sys.kill-all", *name);
    else
      sink.on(Kind::stops_service, "sys.kill", *name);
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
void systemctl(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  if (verb == "poweroff" || verb == "reboot" || verb == "halt" || verb == "kexec" || verb == "rescue" ||
      verb == "emergency" || verb == "suspend" || verb == "hibernate") {
    if (verb != "suspend" && verb != "hibernate") sink.add(Kind::stops_service, "sys.power");
    return;
  }
  link_units(call, sink);
  if (verb == "isolate") sink.add(Kind::stops_service, "sys.power");
  if (verb != "stop" && verb != "disable" && verb != "mask" && verb != "kill") {
    if (verb == "set-default" &&
        (call.operand(1).starts_with("rescue") || call.operand(1).starts_with("emergency")))
      sink.add(Kind::stops_service, "sys.power");
    return;
  }
  for (size_t i = 1; i < call.operands().size(); ++i) {
    const std::string unit = call.operand(i);
    const std::string_view tag = is_guard(unit)              ? "self.kill"
                                 : is_critical_service(unit) ? "service.stop-critical"
                                                             : "service.stop";
    sink.on(Kind::stops_service, tag, *call.operands()[i]).detail = verb;
  }
}
void service(const Call& call, Sink& sink) {
  if (call.operand(1) == "stop" && !call.operands().empty())
    sink.on(Kind::stops_service,
            is_critical_service(call.operand(0)) ? "service.stop-critical" : "service.stop",
            *call.operands().front());
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

/// Editors and pagers that run commands given on their line.
constexpr Option kVim[] = {{'c', "command", Arg::value},
                           {0, "cmd", Arg::value},
                           {'S', "source", Arg::value},
                           {'u', "rc", Arg::value},
                           {'n', "n"},
                           {'R', "readonly"},
                           {'e', "ex"},
                           {'s', "silent"}};
void editor(const Call& call, Sink& sink) {
  for (std::string_view option : {"command", "cmd"})
    for (const Argument* command : call.values(option)) {
      const std::string text = command->value.with_holes_empty();
      const size_t bang = text.find('!');
      if (bang == std::string::npos || bang > 2 || text.starts_with("q!") || text.starts_with("wq!") ||
          text.starts_with("x!") || text.starts_with("w!") || text.starts_with("e!"))
        continue;
      if (text.substr(bang + 1).empty()) continue;
      resolve::RunAs how = sink.as(call.program());
      how.child_shell = true;
      sink.run_shell(Value::exact(text.substr(bang + 1)), *dialect_from_name("sh"), how, command->place);
    }
}
constexpr Option kCmdai[] = {{0, "list"},
                             {0, "remove", Arg::value},
                             {0, "reason", Arg::value},
                             {0, "always"},
                             {0, "here"},
                             {0, "expires", Arg::value},
                             {0, "local"},
                             {0, "json"}};
void cmdai(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  if (verb == "stop") sink.add(Kind::stops_service, "self.kill");
  if (verb == "allow" && (!call.operand(1).empty() || call.has("remove")))
    sink.add(Kind::changes_config, "self.approve");
  if (verb == "policy" && (call.operand(1) == "trust" || call.operand(1) == "untrust"))
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

constexpr CommandSpec kCommands[] = {
    {"update-rc.d chkconfig rc-update", {}, Order::permuted, boot_service},
    {"kill", {}, Order::raw, kill},
    {"killall pkill skill", kKillall, Order::permuted, killall},
    {"shutdown reboot halt poweroff", kPower, Order::permuted, power},
    {"init telinit", kPower, Order::permuted, init},
    {"systemctl", kSystemctl, Order::permuted, systemctl},
    {"service rc-service", {}, Order::permuted, service},
    {"crontab", kCrontab, Order::permuted, crontab},
    {"vim vi nvim ex view", kVim, Order::permuted, editor},
    {"cmdai", kCmdai, Order::permuted, cmdai},
};

}  // namespace

std::span<const CommandSpec> system_commands() { return kCommands; }

}  // namespace cmdai::commands
