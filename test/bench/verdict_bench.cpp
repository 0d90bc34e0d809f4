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

/// A rule pack as a large organization might write it: each rule asks for a text of its own, in one of the
/// ways people write regular expressions.
cmdai::policy::SourceFile many_rules(int count) {
  static constexpr const char* kPatterns[] = {
      R"(kubectl .*--context[= ]prod-eu-{0}\b)",
      R"(^deploy-{0} )",
      R"((?i)drop\s+table\s+orders_{0}\b)",
      R"((ssh|scp|rsync) .*db{0}\.example\.(org|com))",
      R"(\b[a-z]+-{0}-(live|prod)\b)",
      R"(rm .*(/srv/exports/{0}|/var/backups/{0})(/|$))",
      R"([0-9a-f]{{40}}@{0})",
      R"((terraform|tofu) (apply|destroy).*-target=module\.team{0}_.*)",
  };
  std::string text = "family = \"bench\"\n";
  for (int i = 0; i < count; ++i)
    text += fmt::format(
        "\n[[rule]]\nid = \"bench.rule-{0}\"\nseverity = \"high\"\ntitle = \"this touches number {0}\"\nwhy "
        "= "
        "\"It is kept.\"\nhint = \"do not\"\nwhen = {{ text = '{1}' }}\nstop = [\"rule {0}\"]\npass = "
        "[\"ls\"]\n",
        i, fmt::format(fmt::runtime(kPatterns[static_cast<size_t>(i) % std::size(kPatterns)]), i));
  return {"bench.toml", std::move(text)};
}

std::shared_ptr<const cmdai::policy::Policy> load_policy(const char* name, int own_rules) {
  cmdai::policy::PolicySources sources;
  const auto packs = cmdai::policy::builtin_packs();
  sources.packs.assign(packs.begin(), packs.end());
  if (own_rules > 0) sources.user_packs.push_back(many_rules(own_rules));
  const auto start = Clock::now();
  auto policy = cmdai::policy::Policy::compile(sources);
  if (!policy) {
    fmt::print(stderr, "{}\n", policy.error().render());
    return nullptr;
  }
  fmt::print("{:<23} compiled in {:.1f} ms\n", name, microseconds(Clock::now() - start) / 1000);
  return *policy;
}

struct Cost {
  double p50 = 0, p99 = 0, worst = 0, per_second = 0;
  size_t stopped = 0;  ///< lines
};

/// What a session looks like after a while: variables, a function, files fetched and written.
cmdai::resolve::Memory some_memory(const cmdai::Engine& engine) {
  cmdai::resolve::Memory memory;
  for (const char* line :
       {"x=1; DIR=/srv/data; f=a.log; NAME=web; export EDITOR=vim", "up() { cd ..; ls; }; alias ll='ls -l'",
        "curl -fsSLo tool https://example.org/tool", "echo 'make -j8' > go.sh",
        "cd src; wget https://example.org/a.tgz"}) {
    cmdai::Request request;
    request.command = line;
    request.session.cwd = "/home/u/project";
    request.session.home = "/home/u";
    request.memory = &memory;
    memory = *engine.check(request, nullptr).memory;
  }
  return memory;
}

Cost measure(const cmdai::Engine& engine, const std::vector<std::string>& lines,
             const cmdai::resolve::Memory* memory = nullptr) {
  cmdai::Request request;
  request.memory = memory;
  request.session.cwd = "/home/u/project";
  request.session.home = "/home/u";
  const size_t rounds = std::max<size_t>(1, 40'000 / lines.size());
  std::vector<double> cost;
  Cost out;
  double total = 0;
  for (size_t round = 0; round <= rounds; ++round) {
    for (const std::string& line : lines) {
      request.command = line;
      const auto start = Clock::now();
      const cmdai::Decision decision = engine.check(request, nullptr);
      const double us = microseconds(Clock::now() - start);
      if (round == 0) {  // warm-up
        out.stopped += cmdai::policy::strictness(decision.verdict.action) >= 2 ? 1U : 0U;
        continue;
      }
      cost.push_back(us);
      total += us;
    }
  }
  out.p50 = percentile(cost, 0.5);
  out.p99 = percentile(cost, 0.99);
  out.worst = *std::max_element(cost.begin(), cost.end());
  out.per_second = 1e6 * static_cast<double>(cost.size()) / total;
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kOwnRules = 1000;
  const auto policy = load_policy("policy", 0);
  const auto large = load_policy("with 1000 rules of text", kOwnRules);
  if (!policy || !large) return 1;
  const std::vector<std::string> lines = argc > 1 ? lines_from(argv[1]) : mixed_lines();
  if (lines.empty()) {
    fmt::print(stderr, "error: no commands to judge\n");
    return 1;
  }
  const Cost cost = measure(cmdai::Engine(policy), lines);
  const Cost more = measure(cmdai::Engine(large), lines);
  const cmdai::resolve::Memory memory = some_memory(cmdai::Engine(policy));
  const Cost session = measure(cmdai::Engine(policy), lines, &memory);
  std::vector<double> spawn = spawn_true(400);
  const double base = percentile(spawn, 0.5);
  const auto print = [](const char* name, const Cost& c) {
    fmt::print("{:<23} p50 {:7.1f} us  p99 {:7.1f} us  worst {:7.1f} us  {:9.0f} verdicts/s", name, c.p50,
               c.p99, c.worst, c.per_second);
  };
  print("verdict in-process", cost);
  fmt::print("  {:5.2f} % of /bin/true ({:.0f} us)\n", 100 * cost.p50 / base, base);
  print("with 1000 rules of text", more);
  fmt::print("  {:5.2f} times the p50, {:.2f} times the p99 without them\n", more.p50 / cost.p50,
             more.p99 / cost.p99);
  print("in a session", session);
  fmt::print("  {:5.2f} times the p50, {:.2f} times the p99 without its memory\n", session.p50 / cost.p50,
             session.p99 / cost.p99);
  fmt::print("lines                   {} of {} stopped; {} with the 1000 rules\n", cost.stopped, lines.size(),
             more.stopped);
  return 0;
}
