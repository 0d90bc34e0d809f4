#include "libcore/commands/agent_programs.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"

namespace cmdai::commands {
namespace {

constexpr std::string_view kAgents[] = {"claude",   "codex",        "gemini",  "copilot",
                                        "opencode", "cursor-agent", "windsurf"};
/// Another folder of settings is one without the hook.
constexpr std::string_view kFolders[] = {"CLAUDE_CONFIG_DIR",
                                         "CODEX_HOME",
                                         "COPILOT_HOME",
                                         "GEMINI_CLI_SYSTEM_SETTINGS_PATH",
                                         "GEMINI_CLI_SYSTEM_DEFAULTS_PATH",
                                         "OPENCODE_CONFIG_DIR",
                                         "OPENCODE_TEST_MANAGED_CONFIG_DIR"};
/// Switches, on with any value but none.
constexpr std::string_view kSwitches[] = {"CLAUDE_CODE_SIMPLE", "OPENCODE_PURE", "OPENCODE_PERMISSION"};
/// Folders of everything, where an agent is started with them.
constexpr std::string_view kHomes[] = {"HOME", "XDG_CONFIG_HOME"};
/// Which daemon is asked, and who is said to ask.
constexpr std::string_view kOurs[] = {"CMDAI_SOCKET", "CMDAI_DAEMON", "CMDAI_ACTOR", "CMDAI_REAL_SHELL"};

void past_hooks(Sink& sink, resolve::Place place, std::string what) {
  sink.add(Kind::changes_config, "self.unhooked", place).detail = std::move(what);
}

/// Settings on the command line, as JSON or TOML: a switch for hooks in them.
bool switches_hooks_off(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '"' || c == '\''; });
  return text.find("disableAllHooks:true") != std::string::npos ||
         text.find("features.hooks=false") != std::string::npos ||
         text.find("hooksConfig") != std::string::npos ||
         text.find("features={hooks=false") != std::string::npos || text.starts_with("hooks.") ||
         text.starts_with("hooks=");
}

constexpr Option kClaude[] = {
    {0, "bare"},    {0, "safe-mode"},        {0, "settings", Arg::value}, {0, "setting-sources", Arg::value},
    {'p', "print"}, {0, "model", Arg::value}};
void claude(const Call& call, Sink& sink) {
  for (std::string_view option : {"bare", "safe-mode"})
    if (call.has(option)) past_hooks(sink, call.invocation().place, "--" + std::string(option));
  if (const Argument* text = call.value("settings");
      text != nullptr && switches_hooks_off(text->value.with_holes_empty()))
    past_hooks(sink, text->place, "disableAllHooks");
  const Argument* sources = call.value("setting-sources");
  if (sources != nullptr && sources->value.with_holes_empty().find("user") == std::string::npos)
    past_hooks(sink, sources->place, "--setting-sources");
  if (call.operand(0) == "config" && call.operand(1) == "set" && call.operand(2) == "disableAllHooks" &&
      call.operand(3) != "false")
    past_hooks(sink, call.invocation().place, "disableAllHooks");
}

constexpr Option kCodex[] = {{0, "disable", Arg::value},
                             {'c', "config", Arg::value},
                             {0, "enable", Arg::value},
                             {'m', "model", Arg::value},
                             {'C', "cd", Arg::value}};
void codex(const Call& call, Sink& sink) {
  for (const Argument* feature : call.values("disable"))
    if (const std::string name = feature->value.with_holes_empty(); name == "hooks" || name == "codex_hooks")
      past_hooks(sink, feature->place, "--disable hooks");
  for (const Argument* setting : call.values("config"))
    if (switches_hooks_off(setting->value.with_holes_empty()))
      past_hooks(sink, setting->place, setting->value.with_holes_empty());
  if (call.operand(0) == "features" && call.operand(1) == "disable" && call.operand(2).ends_with("hooks"))
    past_hooks(sink, call.invocation().place, "features.hooks");
}

constexpr Option kGemini[] = {{'p', "prompt", Arg::value}, {'m', "model", Arg::value}};
void gemini(const Call& call, Sink& sink) {
  const bool off = call.operand(1) == "disable" || call.operand(1) == "disable-all";
  if (call.operand(0) == "hooks" && off) past_hooks(sink, call.invocation().place, "hooks disable");
}

constexpr Option kOpencode[] = {{0, "pure"}, {'m', "model", Arg::value}};
void opencode(const Call& call, Sink& sink) {
  if (call.has("pure")) past_hooks(sink, call.invocation().place, "--pure");
}

constexpr CommandSpec kAgentCommands[] = {
    {"claude", kClaude, Order::permuted, claude},
    {"codex", kCodex, Order::permuted, codex},
    {"gemini", kGemini, Order::permuted, gemini},
    {"opencode", kOpencode, Order::permuted, opencode},
};

/// Set for the whole shell, and for what is started from it.
bool lasts(const Invocation& invocation) {
  static constexpr std::string_view kDeclares[] = {"export", "declare", "typeset", "readonly", "set"};
  return invocation.argv.empty() || among(kDeclares, invocation.program);
}

}  // namespace

void judge_agent_variable(const Invocation& invocation, const resolve::ResolvedAssignment& a, Sink& sink) {
  const bool empty = a.value.is_exact() && a.value.with_holes_empty().empty();
  const bool starts_agent = among(kAgents, invocation.program);
  const bool chosen = among(kFolders, a.name) || among(kOurs, a.name);
  const bool switched = among(kSwitches, a.name) && !empty;
  if (((chosen || switched) && (starts_agent || lasts(invocation))) ||
      (among(kHomes, a.name) && starts_agent))
    past_hooks(sink, a.place, a.name);
}

void judge_live_shell(const Call& call, Sink& sink) {
  const bool waits =
      call.invocation().input.kind == resolve::Input::Kind::inherited || call.any("interactive inspect");
  if (waits) sink.add(Kind::runs_code, "self.live-shell").detail = call.program();
}

std::span<const CommandSpec> agent_commands() { return kAgentCommands; }

}  // namespace cmdai::commands
