// cmdai agents list.
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "daemon/cli/agent_survey.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/cli/verified_words.hpp"
#include "daemon/cli/when.hpp"

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word_for(agents::State state) {
  return state == agents::State::none ? "not guarded" : agents::to_string(state);
}

Json json_of(const AgentSeen& seen) {
  Json guards = Json::array();
  for (const GuardSeen& g : seen.guards)
    guards.push_back({{"level", agents::to_string(g.file.level)},
                      {"file", g.file.path},
                      {"state", agents::to_string(g.look.state)},
                      {"program", g.look.program},
                      {"why", g.look.why}});
  Json out = {{"agent", seen.agent->name}, {"title", seen.agent->title}, {"found", seen.found()},
              {"program", seen.program},   {"version", seen.version},    {"folder", seen.folder},
              {"guarded", seen.guarded()}, {"guards", std::move(guards)}};
  out["last_check"] = seen.last_check ? Json(*seen.last_check) : Json(nullptr);
  out["verified"] = nullptr;
  if (const auto last = host::last_verification(host::paths_from_environment(), seen.agent->name))
    out["verified"] = {{"time", last->time}, {"holds", last->holds()}, {"version", last->agent_version}};
  return out;
}

void show(const AgentSeen& seen, bool color) {
  const std::string place = seen.program.empty() ? seen.folder + " (no program on PATH)" : seen.program;
  print(fmt::format("{} ({}){}{}, {}\n", seen.agent->title, seen.agent->name, seen.version.empty() ? "" : " ",
                    seen.version, explain::printable(place)));
  for (const GuardSeen& g : seen.guards) {
    const char* code = g.look.state == agents::State::live   ? "32"
                       : g.look.state == agents::State::none ? "33"
                                                             : "1;31";
    const std::string word = fmt::format("{:<14}", word_for(g.look.state));
    print(fmt::format("  {:<8} {} {}\n", agents::to_string(g.file.level),
                      color ? fmt::format("\x1b[{}m{}\x1b[0m", code, word) : word,
                      explain::printable(g.file.path)));
    const std::string_view why = g.look.why;
    if (!why.empty())
      print(fmt::format("           {}\n", explain::printable(why.substr(0, why.find('\n')))));
  }
  print(fmt::format("  asked    {}\n",
                    seen.last_check ? ago(*seen.last_check, now_seconds()) : "never, by the record"));
  if (const auto last = host::last_verification(host::paths_from_environment(), seen.agent->name))
    print(fmt::format("  {}\n", verified_words(*last, seen.version, now_seconds())));
}

}  // namespace

int run_agents_list(const Arguments& a) {
  const std::vector<AgentSeen> agents = survey_agents();
  if (a.has("json")) {
    Json list = Json::array();
    for (const AgentSeen& seen : agents) list.push_back(json_of(seen));
    print(list.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
    return kDone;
  }
  std::string missing;
  for (const AgentSeen& seen : agents) {
    if (seen.found())
      show(seen, colors(STDOUT_FILENO));
    else
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", seen.agent->name);
  }
  if (!missing.empty()) print(fmt::format("not on this machine: {}\n", missing));
  return kDone;
}

}  // namespace cmdai::cli
