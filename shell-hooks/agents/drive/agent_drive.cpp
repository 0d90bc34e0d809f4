#include "shell-hooks/agents/drive/agent_drive.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "daemon/host/files.hpp"
#include "shell-hooks/agents/drive/agent_start.hpp"

namespace cmdai::agents {
namespace {

constexpr size_t kPrintedKept = size_t{64} << 10U;

std::string path_of_process() {
  const char* path = std::getenv("PATH");
  return path == nullptr || *path == 0 ? "/usr/local/bin:/usr/bin:/bin" : path;
}

/// Later ones win, as in `env A=1 A=2`: of each name the last is kept.
std::vector<std::string> last_of_each(std::vector<std::string> settings) {
  std::vector<std::string> out;
  const auto name = [](const std::string& setting) { return setting.substr(0, setting.find('=')); };
  for (std::string& setting : settings) {
    std::erase_if(out, [&](const std::string& other) { return name(other) == name(setting); });
    out.push_back(std::move(setting));
  }
  return out;
}

}  // namespace

Result<Driven> drive(Drive drive) {
  auto model = LoopbackModel::start(std::move(drive.script), std::move(drive.observer));
  if (!model) return fail(std::move(model.error()));
  const std::string url = (*model)->url();
  auto start = start_of(drive.agent, url);
  if (!start) {
    Diagnostic problem;
    problem.message = fmt::format("`{}` cannot be driven without a person", drive.agent);
    problem.hint = "claude-code, codex, gemini, opencode and copilot can";
    return fail(std::move(problem));
  }
  Program program{drive.program, std::move(start->arguments),
                  box_environment(drive.home, drive.temporary, path_of_process(), url), drive.project,
                  drive.temporary + "/agent.out"};
  for (auto* more : {&start->environment, &drive.environment})
    program.environment.insert(program.environment.end(), more->begin(), more->end());
  program.environment = last_of_each(std::move(program.environment));
  const auto ended = run_to_end(program, drive.limit);
  if (!ended) return fail(ended.error());
  Driven out{(*model)->progress(), *ended, host::read_file(program.output).value_or("")};
  if (out.printed.size() > kPrintedKept) out.printed.erase(0, out.printed.size() - kPrintedKept);
  return out;
}

}  // namespace cmdai::agents
