// Tools only macOS has, and agents that guard machines there.
#include <algorithm>
#include <utility>

#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/credential_tools.hpp"
#include "libcore/commands/critical_services.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Verb kTmutil[] = {{"delete", Kind::deletes, "sys.backup"},
                            {"deletelocalsnapshots", Kind::deletes, "sys.backup"},
                            {"disable", Kind::deletes, "sys.backup"},
                            {"disablelocal", Kind::deletes, "sys.backup"},
                            {"thinlocalsnapshots", Kind::deletes, "sys.backup"}};
constexpr Option kTmutilOptions[] = {
    {'p', "path", Arg::value}, {'d', "destination", Arg::value}, {'t', "time", Arg::value}};
void tmutil(const Call& call, Sink& sink) { judge_verbs(call, sink, kTmutil); }
constexpr Option kOsascript[] = {{'e', "code", Arg::value}, {'l', "language", Arg::value}};
/// do shell script "…", which other code stands around.
void run_shell_script(const std::string& text, resolve::Place place, Sink& sink) {
  constexpr std::string_view kCall = "do shell script \"";
  const size_t at = text.find(kCall);
  if (at == std::string::npos) return;
  const size_t from = at + kCall.size();
  resolve::RunAs how = sink.as("osascript");
  how.child_shell = true;
  how.wrapper.gains_privilege = text.find("administrator privileges") != std::string::npos;
  sink.run_shell(Value::exact(text.substr(from, text.find('"', from) - from)), *dialect_from_name("sh"), how,
                 place);
}

/// POSIX file "P", folder "F" of home, desktop, home: what an AppleScript names.
Value place_named(const std::string& text, const Sink& sink) {
  const auto quoted = [&](std::string_view before) {
    const size_t at = text.find(before);
    const size_t from = at == std::string::npos ? at : at + before.size();
    return from == std::string::npos ? std::string() : text.substr(from, text.find('"', from) - from);
  };
  if (const std::string path = quoted("POSIX file \""); !path.empty()) return Value::exact(path);
  const std::string folder = quoted("folder \"");
  if (folder.starts_with('/')) return Value::exact(folder);
  const bool home = text.find("home") != std::string::npos;
  if (!folder.empty() && (home || text.find("disk") == std::string::npos))
    return Value::exact(sink.home() + '/' + folder);
  for (const auto& [word, below] : {std::pair{"desktop", "/Desktop"}, std::pair{"home", ""}})
    if (text.find(word) != std::string::npos) return Value::exact(sink.home() + below);
  return Value::unknown(resolve::HoleKind::other, {}, false);
}

/// tell application "Finder" to delete …: one line of a script for the file manager.
void delete_by_finder(const std::string& script, resolve::Place place, Sink& sink) {
  if (script.find("Finder") == std::string::npos && script.find("System Events") == std::string::npos) return;
  for (size_t at = 0; at < script.size();) {
    const size_t end = std::min(script.find('\n', at), script.size());
    const std::string line = script.substr(at, end - at);
    at = end + 1;
    const size_t verb = line.find("delete ");
    const bool starts = verb != std::string::npos && line.find_first_not_of(" \t") == verb;
    if (!starts && line.find(" to delete ") == std::string::npos) continue;
    Effect& e = sink.on_path(Kind::deletes, "fs.delete", {place_named(line, sink), place, nullptr});
    e.recursive = true;
  }
}

void osascript(const Call& call, Sink& sink) {
  std::string script;  // each -e is a line of it
  resolve::Place place = call.invocation().place;
  for (const Argument* code : call.values("code")) {
    script += code->value.with_holes_empty() + '\n';
    place = code->place;
    run_shell_script(code->value.with_holes_empty(), code->place, sink);
  }
  if (script.empty() && call.operands().empty()) script = call.invocation().input.data.with_holes_empty();
  delete_by_finder(script, place, sink);
  if (asks_for_password(script))
    sink.add(Kind::reads_secret, "secret.dump", place).detail = "asks for a password";
}
constexpr Verb kLaunchctl[] = {{"bootout", Kind::stops_service, "service.stop"},
                               {"unload", Kind::stops_service, "service.stop"},
                               {"remove", Kind::stops_service, "service.stop"},
                               {"disable", Kind::stops_service, "service.stop"},
                               {"reboot", Kind::stops_service, "sys.power"}};
/// One this very line put there is started before anybody has looked at it.
void load_service(const Argument& file, const std::string& verb, Sink& sink) {
  const bool written = sink.file_content(file.value) != nullptr;
  sink.on(Kind::changes_config, written ? "persist.service-started" : "persist.service", file).detail = verb;
}
/// Of what launchd runs only what guards the machine or lets people in is a question: the rest is somebody's
/// program, and easily loaded again.
void launchctl(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0),
                    what = call.operands().empty() ? "" : call.operands().back()->value.display();
  if (verb == "bootout" && call.operands().size() == 2 && call.operand(1) == "system") {
    sink.add(Kind::stops_service, "sys.power");
    return;
  }
  const bool stops = verb == "unload" || verb == "bootout" || verb == "remove" || verb == "disable" ||
                     verb == "stop" || verb == "kill";
  if (stops && what.find("cmdaid") != std::string::npos)
    sink.on(Kind::stops_service, "self.kill", *call.operands().back()).detail = verb;
  else if (stops && is_critical_service(what))
    sink.on(Kind::stops_service, "service.stop-critical", *call.operands().back()).detail = verb;
  else if ((verb == "load" || verb == "bootstrap") && call.operands().size() > 1)
    load_service(*call.operands().back(), verb, sink);
  else
    judge_verbs(call, sink, kLaunchctl);
}

/// macOS: the unified log; Defender for Linux and macOS; preferences.
void log_store(const Call& call, Sink& sink) {
  if (call.operand(0) == "erase") sink.add(Kind::changes_config, "sys.history");
}
void defender(const Call& call, Sink& sink) {
  if (call.operand(0) == "config" && call.text("value") == "disabled")
    sink.add(Kind::changes_config, "sys.security-off").detail = call.operand(1);
}
constexpr Option kDefender[] = {{0, "value", Arg::value}};
void preferences(const Call& call, Sink& sink) {
  for (const Argument* word : call.operands())
    if (word->value.with_holes_empty() == "LoginHook" && call.operand(0) == "write")
      sink.on(Kind::changes_config, "persist.boot", *word).detail = "LoginHook";
}

constexpr CommandSpec kMacosCommands[] = {
    {"log", {}, Order::permuted, log_store},
    {"mdatp", kDefender, Order::permuted, defender},
    {"defaults", {}, Order::permuted, preferences},
    {"tmutil", kTmutilOptions, Order::permuted, tmutil},
    {"osascript", kOsascript, Order::permuted, osascript},
    {"launchctl", {}, Order::permuted, launchctl},
};

}  // namespace

std::span<const CommandSpec> macos_commands() { return kMacosCommands; }

}  // namespace cmdai::commands
