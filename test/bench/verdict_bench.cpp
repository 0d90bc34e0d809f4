// What one verdict costs in-process, beside a spawn of /bin/true in the same run. Figures are medians and
// 99th percentiles over many rounds of a mixed set of lines, one thread.
//
//   verdict_bench [FILE]     FILE: one command a line instead of the built-in set
#include <fmt/core.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "libcore/engine.hpp"
#include "libcore/policy/builtin_packs.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration d) { return std::chrono::duration<double, std::micro>(d).count(); }

double percentile(std::vector<double>& values, double p) {
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * p);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

std::vector<std::string> lines_from(const char* path) {
  std::vector<std::string> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> mixed_lines() {
  return {
      "ls",
      "git status",
      "cd src && make -j8",
      "rm -rf build/",
      "rm -rf ~",
      "git push --force origin main",
      "grep -rn 'TODO' --include='*.cpp' . | sort | uniq -c | sort -rn | head -20",
      "find . -name '*.o' -type f -print0 | xargs -0 rm -f",
      "curl -fsSL https://example.org/install.sh | sh",
      "for f in *.log; do gzip \"$f\" && mv \"$f.gz\" archive/; done",
      "docker run --rm -it -v \"$PWD\":/work -w /work node:20 npm test",
      "sudo sh -c 'echo 1 > /proc/sys/vm/drop_caches'",
      "python3 -c 'import json,sys; print(json.load(sys.stdin)[\"a\"])' < data.json",
      "cat <<'EOF' > notes.txt\nremember: rm -rf / is bad\nEOF",
      "kubectl get pods -n prod -o jsonpath='{.items[*].metadata.name}'",
      "x=$(printf %s rm); $x -rf \"${DIR:-/tmp/x}\"",
  };
}

std::vector<double> spawn_true(int rounds) {
  std::vector<double> out;
  for (int i = 0; i < rounds; ++i) {
    char name[] = "true";
    char* argv[] = {name, nullptr};
    pid_t pid = 0;
    const auto start = Clock::now();
    if (posix_spawn(&pid, "/bin/true", nullptr, nullptr, argv, environ) != 0) break;
    int status = 0;
    waitpid(pid, &status, 0);
    out.push_back(microseconds(Clock::now() - start));
  }
  return out;
}

std::shared_ptr<const cmdai::policy::Policy> load_policy() {
  cmdai::policy::PolicySources sources;
  const auto packs = cmdai::policy::builtin_packs();
  sources.packs.assign(packs.begin(), packs.end());
  auto policy = cmdai::policy::Policy::compile(sources);
  if (!policy) {
    fmt::print(stderr, "{}\n", policy.error().render());
    return nullptr;
  }
  return *policy;
}

}  // namespace

int main(int argc, char** argv) {
  const auto compile_start = Clock::now();
  const auto policy = load_policy();
  if (!policy) return 1;
  const double compile_ms = microseconds(Clock::now() - compile_start) / 1000;
  const cmdai::Engine engine(policy);
  const std::vector<std::string> lines = argc > 1 ? lines_from(argv[1]) : mixed_lines();
  if (lines.empty()) {
    fmt::print(stderr, "error: no commands to judge\n");
    return 1;
  }
  cmdai::Request request;
  request.session.cwd = "/home/u/project";
  request.session.home = "/home/u";
  const size_t rounds = std::max<size_t>(1, 40'000 / lines.size());
  std::vector<double> cost;
  size_t stopped = 0;
  double total = 0;
  for (size_t round = 0; round <= rounds; ++round) {
    for (const std::string& line : lines) {
      request.command = line;
      const auto start = Clock::now();
      const cmdai::Decision decision = engine.check(request, nullptr);
      const double us = microseconds(Clock::now() - start);
      if (round == 0) continue;  // warm-up
      cost.push_back(us);
      total += us;
      stopped += cmdai::policy::strictness(decision.verdict.action) >= 2 ? 1U : 0U;
    }
  }
  std::vector<double> spawn = spawn_true(400);
  const double p50 = percentile(cost, 0.5);
  const double base = percentile(spawn, 0.5);
  fmt::print(
      "verdict in-process      p50 {:7.1f} us  p99 {:7.1f} us  worst {:7.1f} us  {:9.0f} verdicts/s  {:5.2f} "
      "% of /bin/true ({:.0f} us)\n",
      p50, percentile(cost, 0.99), *std::max_element(cost.begin(), cost.end()),
      1e6 * static_cast<double>(cost.size()) / total, 100 * p50 / base, base);
  fmt::print("policy                  compiled in {:.1f} ms; {} of {} lines stopped\n", compile_ms,
             stopped / rounds, lines.size());
  return 0;
}
