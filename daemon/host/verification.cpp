#include "daemon/host/verification.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/host/files.hpp"

namespace cmdai::host {
namespace {

using Json = nlohmann::ordered_json;
using Outcome = Verification::Outcome;

constexpr Outcome kOutcomes[] = {Outcome::ran, Outcome::stopped, Outcome::refused, Outcome::unreached};

std::string path_of(const Paths& paths) { return paths.state + "/agents.json"; }

/// All that is kept, by agent; an empty object when there is nothing, or nothing that can be read.
Json kept(const Paths& paths) {
  const auto text = read_file(path_of(paths));
  Json all = text ? Json::parse(*text, nullptr, false) : Json::object();
  return all.is_object() ? all : Json::object();
}

std::string text_in(const Json& value, const char* key) {
  const auto found = value.find(key);
  return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Verification::Step step_in(const Json& value) {
  Verification::Step out{
      text_in(value, "command"), value.value("dangerous", Json()) == true, {}, text_in(value, "told")};
  const std::string outcome = text_in(value, "outcome");
  const auto* found = std::find_if(std::begin(kOutcomes), std::end(kOutcomes),
                                   [&](Outcome one) { return to_string(one) == outcome; });
  out.outcome = found == std::end(kOutcomes) ? Outcome::unreached : *found;
  return out;
}

Json as_json(const Verification& v) {
  Json steps = Json::array();
  for (const auto& step : v.steps)
    steps.push_back({{"command", step.command},
                     {"dangerous", step.dangerous},
                     {"outcome", to_string(step.outcome)},
                     {"told", step.told}});
  return {{"agent_version", v.agent_version},
          {"cmdai_version", v.cmdai_version},
          {"time", v.time},
          {"holds", v.holds()},
          {"problem", v.problem},
          {"outbound", v.outbound},
          {"seconds", v.seconds},
          {"steps", steps}};
}

}  // namespace

bool Verification::holds() const {
  const auto is = [](Outcome outcome) {
    return [outcome](const Step& s) { return s.dangerous && s.outcome == outcome; };
  };
  return std::any_of(steps.begin(), steps.end(), is(Outcome::stopped)) &&
         std::all_of(steps.begin(), steps.end(), [](const Step& s) {
           return s.outcome != Outcome::unreached && (s.outcome == Outcome::ran) != s.dangerous;
         });
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::ran: return "ran";
    case Outcome::stopped: return "stopped";
    case Outcome::refused: return "refused";
    case Outcome::unreached: return "unreached";
  }
  return "unreached";
}

std::optional<Verification> last_verification(const Paths& paths, std::string_view agent) {
  const Json all = kept(paths);
  const auto found = all.find(agent);
  if (found == all.end() || !found->is_object()) return std::nullopt;
  Verification out;
  out.agent = agent;
  out.agent_version = text_in(*found, "agent_version");
  out.cmdai_version = text_in(*found, "cmdai_version");
  out.time = text_in(*found, "time");
  out.problem = text_in(*found, "problem");
  if (const auto seconds = found->find("seconds"); seconds != found->end() && seconds->is_number())
    out.seconds = seconds->get<double>();
  if (const auto steps = found->find("steps"); steps != found->end() && steps->is_array())
    for (const Json& step : *steps)
      if (step.is_object()) out.steps.push_back(step_in(step));
  if (const auto outbound = found->find("outbound"); outbound != found->end() && outbound->is_array())
    for (const Json& one : *outbound)
      if (one.is_string()) out.outbound.push_back(one.get<std::string>());
  return out;
}

Result<void> keep_verification(const Paths& paths, const Verification& verification) {
  Json all = kept(paths);
  all[verification.agent] = as_json(verification);
  if (auto made = make_directories(paths.state); !made) return made;
  return write_file(path_of(paths), all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

}  // namespace cmdai::host
