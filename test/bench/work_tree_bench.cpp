// What a verdict costs that looks at the disk, beside the same one that does not, in a repository run.py
// made. Medians, one thread.
//
//   work_tree_bench HOME     the repository is HOME/work
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "daemon/host/real_probe.hpp"
#include "libcore/engine.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Measured {
  double microseconds = 0;
  std::string answer;
};

Measured median(const cmdai::Engine& engine, const cmdai::Request& request, bool look, int rounds) {
  std::vector<double> cost;
  Measured out;
  for (int i = 0; i <= rounds; ++i) {
    cmdai::host::RealProbe probe;
    const auto start = Clock::now();
    const cmdai::Decision decision = engine.check(request, look ? &probe : nullptr);
    const std::chrono::duration<double, std::micro> took = Clock::now() - start;
    if (i > 0) cost.push_back(took.count());
    out.answer = cmdai::policy::to_string(decision.verdict.action);
  }
  std::nth_element(cost.begin(), cost.begin() + rounds / 2, cost.end());
  out.microseconds = cost[static_cast<size_t>(rounds / 2)];
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return fmt::print(stderr, "usage: work_tree_bench HOME\n"), 1;
  auto policy = cmdai::policy::Policy::compile({});
  if (!policy) return fmt::print(stderr, "{}\n", policy.error().render()), 1;
  const cmdai::Engine engine(*policy);
  cmdai::Request request;
  request.session.home = argv[1];
  request.session.cwd = request.session.home + "/work";
  for (const char* line :
       {"rm -rf src", "rm -rf node_modules", "git reset --hard", "git clean -fd", "> src/1/a.c", "ls -la"}) {
    request.command = line;
    const Measured without = median(engine, request, false, 400), with = median(engine, request, true, 60);
    fmt::print("{:20} looking at the disk {:8.1f} us ({}), without {:6.1f} us ({}), {:6.1f} times\n", line,
               with.microseconds, with.answer, without.microseconds, without.answer,
               with.microseconds / without.microseconds);
  }
  return 0;
}
