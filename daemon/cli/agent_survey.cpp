#include "daemon/cli/agent_survey.hpp"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "daemon/cli/judge.hpp"
#include "daemon/cli/when.hpp"
#include "daemon/host/event_log.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/paths.hpp"
#include "daemon/ipc/socket_path.hpp"

namespace cmdai::cli {
namespace {

using agents::Level;
using agents::State;

template <class Take>
void for_each_word(std::string_view words, char between, const Take& take) {
  while (!words.empty()) {
    const size_t end = std::min(words.find(between), words.size());
    if (end > 0) take(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

/// The first of an agent's programs that PATH leads to.
std::string program_on_path(std::string_view programs) {
  const char* path = std::getenv("PATH");
  std::string found;
  for_each_word(programs, ' ', [&](std::string_view name) {
    for_each_word(path == nullptr ? "" : path, ':', [&](std::string_view folder) {
      std::string candidate = fmt::format("{}/{}", folder, name);
      if (found.empty() && access(candidate.c_str(), X_OK) == 0) found = std::move(candidate);
    });
  });
  return found;
}

std::string folder_of_settings(std::string_view agent, const agents::Places& p) {
  if (agent == "claude-code") return p.claude;
  if (agent == "codex") return p.codex;
  if (agent == "gemini") return p.gemini;
  if (agent == "copilot") return p.copilot;
  if (agent == "opencode") return p.config + "/opencode";
  return p.home + (agent == "cursor" ? "/.cursor" : "/.codeium/windsurf");
}

std::string real_path(const std::string& path) {
  char* real = realpath(path.c_str(), nullptr);
  std::string out = real == nullptr ? path : real;
  std::free(real);
  return out;
}

bool is_version(std::string_view text) {
  return !text.empty() && text.find('.') != std::string_view::npos &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// By the package.json of the package it lies in, or by the folder of its version. Not by starting it: some
/// agents take a second for that and write into the home.
std::string version_of(const std::string& program) {
  std::string place = real_path(program);
  for (int up = 0; up < 6 && place.size() > 1; ++up) {
    const std::string_view name = std::string_view(place).substr(place.rfind('/') + 1);
    if (is_version(name)) return std::string(name);
    place = ipc::directory_of(place);
    const auto text = host::read_file(place + "/package.json", 1U << 20U);
    const auto json = nlohmann::json::parse(text ? *text : "", nullptr, false);
    if (json.is_object() && json.contains("version") && json["version"].is_string())
      return json["version"].get<std::string>();
  }
  return {};
}

std::optional<int64_t> seconds_of(const std::string& rfc3339) {
  struct tm parts {};
  if (strptime(rfc3339.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return std::nullopt;
  return timegm(&parts);
}

/// When each agent's last check was recorded. Newest file first, until each of `wanted` was met.
std::map<std::string, int64_t, std::less<>> last_checks(const std::string& events, size_t wanted) {
  std::map<std::string, int64_t, std::less<>> out;
  std::vector<std::string> files = host::log_files(events);
  for (auto file = files.rbegin(); file != files.rend() && out.size() < wanted; ++file) {
    host::for_each_line(*file, [&](std::string_view line) {
      if (line.find("\"actor\":\"agent\"") == std::string_view::npos) return;
      const auto event = nlohmann::json::parse(line, nullptr, false);
      if (!event.is_object() || !event.contains("actor_name") || !event["actor_name"].is_string()) return;
      const auto when = seconds_of(event.value("time", std::string()));
      if (!when) return;
      int64_t& last = out[event["actor_name"].get<std::string>()];
      last = std::max(last, *when);
    });
  }
  return out;
}

bool holds_a_hook(const agents::HookFile& file) {
  return file.form != agents::Form::copilot_sandbox && file.form != agents::Form::opencode_config;
}

/// A switch in another file of the agent's that leaves the user's and project's hooks out.
std::string switched_off_by(std::string_view agent, const agents::Places& places) {
  for (const agents::Switch& off : agents::off_switches(agent, places)) {
    const auto text = host::read_file(off.path);
    if (text && agents::switched_off(off, *text)) return off.path;
  }
  return {};
}

std::vector<GuardSeen> guards_of(std::string_view agent, const agents::Places& places) {
  std::vector<GuardSeen> out;
  const std::string off = switched_off_by(agent, places);
  for (const Level level : {Level::user, Level::project, Level::system}) {
    if (level == Level::project && places.project == places.home) continue;
    for (agents::HookFile& file : agents::hook_files(agent, level, places)) {
      if (!holds_a_hook(file)) continue;
      agents::Look seen;
      if (!host::missing(file.path)) {
        const auto text = host::read_file(file.path);
        seen = text ? agents::look(file, *text, {}, host::exists)
                    : agents::Look{State::broken, {}, text.error().message};
      }
      if (seen.state == State::live && level != Level::system && !off.empty())
        seen = {State::disabled, seen.program, "hooks are switched off in " + off};
      if (seen.state != State::none || level == Level::user)
        out.push_back({std::move(file), std::move(seen)});
    }
  }
  return out;
}

}  // namespace

const GuardSeen* AgentSeen::guard() const {
  const GuardSeen* best = nullptr;
  for (const GuardSeen& g : guards) {
    if (g.look.state == State::live) return &g;
    if (g.look.state != State::none && best == nullptr) best = &g;
  }
  return best;
}

bool agent_is_here(const host::Agent& agent, const agents::Places& places) {
  return !program_on_path(agent.programs).empty() || host::exists(folder_of_settings(agent.name, places));
}

std::vector<AgentSeen> survey_agents() {
  const host::Paths paths = host::paths_from_environment();
  const agents::Places places = agents::places_from_environment(paths.home, working_directory(), {});
  const auto checks = last_checks(paths.events(), host::known_agents().size());
  std::vector<AgentSeen> out;
  for (const host::Agent& agent : host::known_agents()) {
    AgentSeen seen;
    seen.agent = &agent;
    seen.program = program_on_path(agent.programs);
    if (!seen.program.empty()) seen.version = version_of(seen.program);
    seen.folder = folder_of_settings(agent.name, places);
    if (!host::exists(seen.folder)) seen.folder.clear();
    seen.guards = guards_of(agent.name, places);
    if (const auto last = checks.find(agent.name); last != checks.end()) seen.last_check = last->second;
    out.push_back(std::move(seen));
  }
  return out;
}

std::string ago(int64_t then, int64_t now) {
  const int64_t seconds = std::max<int64_t>(now - then, 0);
  const auto said = [](int64_t count, std::string_view unit) {
    return fmt::format("{} {}{} ago", count, unit, count == 1 ? "" : "s");
  };
  if (seconds < 60) return "less than a minute ago";
  if (seconds < 3600) return said(seconds / 60, "minute");
  if (seconds < 86400) return said(seconds / 3600, "hour");
  return said(seconds / 86400, "day");
}

std::string mend_guard(std::string_view agent, const GuardSeen* guard) {
  std::string install = fmt::format("cmdai agents install {}", agent);
  if (guard == nullptr) return install;
  switch (guard->look.state) {
    case State::disabled:
      return "switch hooks on again in that file, or let an administrator say: sudo cmdai agents install "
             "--system";
    case State::broken: return fmt::format("mend {}, then: {}", guard->file.path, install);
    default: return guard->file.level == Level::system ? "sudo " + install + " --system" : install;
  }
}

}  // namespace cmdai::cli
