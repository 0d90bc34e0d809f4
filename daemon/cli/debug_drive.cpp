// cmdai debug drive: one conversation of a real agent with the loopback model, for test/agents.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/terminal.hpp"
#include "shell-hooks/agents/drive/agent_drive.hpp"

extern char** environ;

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;

void print_line(const Json& value) {
  print(value.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
}

/// Ours are handed on: a test says by them which socket and which daemon are meant.
std::vector<std::string> own_settings() {
  std::vector<std::string> out;
  for (char** one = environ; *one != nullptr; ++one)
    if (std::string_view(*one).starts_with("CMDAI_")) out.emplace_back(*one);
  return out;
}

Json as_json(const agents::Driven& driven) {
  return {{"finished", driven.progress.finished},
          {"asked", driven.progress.asked},
          {"told", driven.progress.told},
          {"tool", driven.progress.tool},
          {"outbound", driven.progress.outbound},
          {"unknown", driven.progress.unknown},
          {"in_time", driven.ended.in_time},
          {"status", driven.ended.status},
          {"milliseconds", driven.ended.took.count()},
          {"printed", driven.printed}};
}

}  // namespace

int run_debug_drive(const Arguments& arguments) {
  if (arguments.operands.size() != 1)
    return complain("which agent?", "cmdai debug drive AGENT --bin PATH --home DIR --project DIR < SCRIPT",
                    kUsage);
  std::ostringstream text;
  text << std::cin.rdbuf();
  auto script = agents::read_script(text.str());
  if (!script) return complain(script.error(), kUsage);
  const std::string limit = arguments.get("limit", "120");
  int seconds = 0;
  if (std::from_chars(limit.data(), limit.data() + limit.size(), seconds).ptr != limit.data() + limit.size())
    return complain("`--limit` takes a number of seconds", {}, kUsage);
  agents::Drive drive;
  drive.agent = arguments.operands[0];
  drive.program = arguments.get("bin");
  drive.home = arguments.get("home");
  drive.project = arguments.get("project");
  drive.temporary = arguments.get("temporary");
  drive.environment = own_settings();
  drive.limit = std::chrono::seconds(seconds);
  drive.script = std::move(*script);
  drive.observer = [](size_t step, const std::string& told) { print_line({{"step", step}, {"told", told}}); };
  const agents::HeldSignals held;
  const auto driven = agents::drive(std::move(drive));
  if (!driven) return complain(driven.error(), kNoAnswer);
  print_line(as_json(*driven));
  return driven->ended.signal != 0 ? 128 + driven->ended.signal : kDone;
}

}  // namespace cmdai::cli
