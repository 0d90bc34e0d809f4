// cmdai agents verify: the agents themselves are asked whether they are guarded.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "daemon/cli/handlers.hpp"
#include "daemon/cli/hook_scripts.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/host/agents.hpp"
#include "daemon/host/files.hpp"
#include "daemon/host/verification.hpp"
#include "libcore/base/text.hpp"
#include "shell-hooks/agents/drive/agent_start.hpp"
#include "shell-hooks/agents/drive/process_tree.hpp"
#include "shell-hooks/agents/drive/verify.hpp"

namespace cmdai::cli {
namespace {

using Json = nlohmann::ordered_json;
using host::Verification;
using Outcome = Verification::Outcome;

struct Candidate {
  const host::Agent* agent;
  std::string program;
};

bool is_program(const std::string& path) {
  return access(path.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(path);
}

/// The first of an agent's programs in a list of folders, colons between.
std::string in_folders(const host::Agent& agent, std::string_view folders) {
  for (const std::string& folder : words_in(folders, ":"))
    for (const std::string& name : words_in(agent.programs))
      if (std::string path = fmt::format("{}/{}", folder, name); folder.starts_with('/') && is_program(path))
        return path;
  return {};
}

/// `bin`: the program, or the folder it is in; empty: PATH.
std::string program_of(const host::Agent& agent, const std::string& bin) {
  const char* path = std::getenv("PATH");
  if (bin.empty()) return in_folders(agent, path == nullptr ? "" : path);
  char* real = realpath(bin.c_str(), nullptr);
  if (real == nullptr) return {};
  // A link's own name may matter to the program: only where it is, is resolved.
  const std::string absolute = bin.starts_with('/') ? bin : std::string(real);
  std::free(real);
  const std::string inside = in_folders(agent, absolute);
  return inside.empty() && is_program(absolute) ? absolute : inside;
}

bool can_drive(const host::Agent& agent) { return agents::start_of(agent.name, "").has_value(); }

Result<std::vector<Candidate>> candidates(const Arguments& arguments) {
  Diagnostic problem;
  std::vector<Candidate> out;
  if (arguments.has("all") != arguments.operands.empty()) {
    problem.message = "which agent?";
    problem.hint = "cmdai agents verify claude-code, or: cmdai agents verify --all";
    return fail(std::move(problem));
  }
  for (const std::string& name : arguments.operands) {
    const host::Agent* agent = host::find_agent(name);
    if (agent == nullptr || !can_drive(*agent)) {
      problem.message = agent == nullptr
                            ? fmt::format("no agent is called `{}`", name)
                            : fmt::format("{} cannot be started without its window", agent->title);
      problem.hint = "claude-code, codex, gemini, copilot and opencode can be verified";
      return fail(std::move(problem));
    }
    out.push_back({agent, program_of(*agent, arguments.get("bin"))});
    if (!out.back().program.empty()) continue;
    problem.message = fmt::format("the program of {} was not found", agent->title);
    problem.hint = "name it: --bin PATH";
    return fail(std::move(problem));
  }
  if (!arguments.has("all")) return out;
  for (const host::Agent& agent : host::known_agents())
    if (can_drive(agent)) out.push_back({&agent, program_of(agent, arguments.get("bin"))});
  std::erase_if(out, [](const Candidate& c) { return c.program.empty(); });
  if (!out.empty()) return out;
  problem.message = "none of the agents that can be verified is installed";
  problem.hint = "name the folder of their programs: --bin PATH";
  return fail(std::move(problem));
}

/// What was said of a step, in one line.
std::string first_line(std::string_view told) {
  for (const std::string& line : words_in(told, "\n"))
    if (const std::string_view text = trimmed(line); !text.empty())
      return std::string(text.substr(0, 160)) + (text.size() > 160 ? " …" : "");
  return "(nothing)";
}

std::string step_text(const Verification::Step& step) {
  const bool well = step.outcome != Outcome::unreached && (step.outcome == Outcome::ran) != step.dangerous;
  const std::string_view outcome = step.outcome == Outcome::refused && step.dangerous
                                       ? "refused by the agent itself"
                                       : to_string(step.outcome);
  std::string text = fmt::format("  {}  {}: {}\n", well ? "ok  " : "BAD ", step.command, outcome);
  if (step.outcome != Outcome::unreached && (step.dangerous || !well))
    text += fmt::format("        it was told: {}\n", first_line(step.told));
  return text;
}

std::string mend_text(const agents::Verified& verified, bool fresh) {
  const Verification& v = verified.verification;
  if (!v.problem.empty())
    return fmt::format("  {}\n        it printed: {}\n", v.problem,
                       first_line(verified.printed.substr(verified.printed.size() -
                                                          std::min<size_t>(verified.printed.size(), 160))));
  if (fresh || v.holds() || !verified.files.empty()) return {};
  return fmt::format("  mend: no hook of cmdai's was found in its settings: cmdai agents install {}\n",
                     v.agent);
}

void show(const Candidate& candidate, const agents::Verified& verified, bool fresh) {
  const Verification& v = verified.verification;
  std::string text = fmt::format("{} {} ({}): {}\n", candidate.agent->title, v.agent_version,
                                 candidate.program, v.holds() ? "guarded" : "NOT guarded");
  for (const std::string& file : verified.files) text += fmt::format("  with {}\n", file);
  for (const auto& step : v.steps) text += step_text(step);
  for (const std::string& host : v.outbound)
    text += fmt::format("  note  it asked for {}, and was refused: there is no network here\n", host);
  print(text + mend_text(verified, fresh));
}

Json as_json(const Candidate& candidate, const agents::Verified& verified) {
  const Verification& v = verified.verification;
  Json steps = Json::array();
  for (const auto& step : v.steps)
    steps.push_back({{"command", step.command},
                     {"dangerous", step.dangerous},
                     {"outcome", to_string(step.outcome)},
                     {"told", step.told}});
  return {{"agent", v.agent},
          {"title", candidate.agent->title},
          {"program", candidate.program},
          {"version", v.agent_version},
          {"holds", v.holds()},
          {"problem", v.problem},
          {"files", verified.files},
          {"steps", steps},
          {"outbound", v.outbound},
          {"seconds", v.seconds},
          {"time", v.time}};
}

/// Sets the agent up anew in the box, by the program that would do it for the user: this one.
Result<void> install(const std::string& agent, const agents::VerifyBox& box) {
  const std::string output = box.temporary() + "/install.out";
  const auto ended = agents::run_to_end(
      {own_path(),
       {"agents", "install", agent},
       {"HOME=" + box.home(), "PATH=/usr/local/bin:/usr/bin:/bin", "TMPDIR=" + box.temporary()},
       box.project(),
       output},
      std::chrono::seconds(30));
  if (!ended) return fail(ended.error());
  if (ended->status == 0) return {};
  Diagnostic problem;
  problem.message = fmt::format("`cmdai agents install {}` ended with status {}", agent, ended->status);
  problem.hint = host::read_file(output).value_or("");
  return fail(std::move(problem));
}

int seconds_of(const Arguments& arguments) {
  const std::string text = arguments.get("limit", "120");
  int seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? seconds : 0;
}

}  // namespace

int run_agents_verify(const Arguments& arguments) {
  const auto chosen = candidates(arguments);
  if (!chosen) return complain(chosen.error(), kUsage);
  const int seconds = seconds_of(arguments);
  if (seconds <= 0) return complain("`--limit` takes a number of seconds", "--limit 60", kUsage);
  const bool fresh = arguments.has("fresh");
  const host::Paths paths = host::paths_from_environment();
  const agents::HeldSignals held;
  Json all = Json::array();
  bool holds = true;
  for (const Candidate& one : *chosen) {
    agents::VerifyRequest request{
        std::string(one.agent->name), one.program, paths, std::chrono::seconds(seconds), {}};
    if (fresh) request.set_up = [&](const agents::VerifyBox& box) { return install(request.agent, box); };
    const auto verified = agents::verify(request);
    if (!verified) return complain(verified.error(), kNoAnswer);
    if (verified->signal != 0) return 128 + verified->signal;
    holds = holds && verified->verification.holds();
    if (!arguments.has("json")) show(one, *verified, fresh);
    all.push_back(as_json(one, *verified));
    if (fresh) continue;  // it says nothing of what the user has
    if (const auto kept = host::keep_verification(paths, verified->verification); !kept)
      complain(kept.error(), 0);
  }
  if (arguments.has("json")) print(all.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
  return holds ? kDone : kRefused;
}

}  // namespace cmdai::cli
