// Tools only macOS has, and agents that guard machines there.
#include <algorithm>

#include "libcore/commands/catalogue.hpp"
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
void osascript(const Call& call, Sink& sink) {
  for (const Argument* code : call.values("code")) {
    const std::string text = code->value.with_holes_empty();
    const size_t at = text.find("do shell script \"");
    if (at == std::string::npos) continue;
    const size_t from = at + 17;
    resolve::RunAs how = sink.as("osascript");
    how.child_shell = true;
    how.wrapper.gains_privilege = text.find("administrator privileges") != std::string::npos;
    sink.run_shell(Value::exact(text.substr(from, text.find('"', from) - from)), *dialect_from_name("sh"),
                   how, code->place);
  }
}
constexpr Verb kLaunchctl[] = {{"bootout", Kind::stops_service, "service.stop"},
                               {"unload", Kind::stops_service, "service.stop"},
                               {"remove", Kind::stops_service, "service.stop"},
                               {"disable", Kind::stops_service, "service.stop"},
                               {"reboot", Kind::stops_service, "sys.power"}};
/// Of what launchd runs only what guards the machine or lets people in is a question: the rest is somebody's
/// program, and easily loaded again.
void launchctl(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0),
                    what = call.operands().empty() ? "" : call.operands().back()->value.display();
  const bool stops = verb == "unload" || verb == "bootout" || verb == "remove" || verb == "disable" ||
                     verb == "stop" || verb == "kill";
  if (stops && is_critical_service(what))
    sink.on(Kind::stops_service, "service.stop-critical", *call.operands().back()).detail = verb;
  else if ((verb == "load" || verb == "bootstrap") && call.operands().size() > 1)
    sink.on(Kind::changes_config, "persist.service", *call.operands().back()).detail = verb;
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
      sink.on(Kind::changes_config, "persist.service", *word).detail = "LoginHook";
}

constexpr CommandSpec kCommands[] = {
    {"log", {}, Order::permuted, log_store},
    {"mdatp", kDefender, Order::permuted, defender},
    {"defaults", {}, Order::permuted, preferences},
    {"tmutil", kTmutilOptions, Order::permuted, tmutil},
    {"osascript", kOsascript, Order::permuted, osascript},
    {"launchctl", {}, Order::permuted, launchctl},
};

}  // namespace

std::span<const CommandSpec> macos_commands() { return kCommands; }

}  // namespace cmdai::commands
