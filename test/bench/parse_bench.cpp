// What reading a line costs, beside the shells' own readers in the same run: `dash -n` and `bash -n` of the
// same text, less what they cost for an empty one. Medians; one thread.
#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "libcore/syntax/parse.hpp"

extern char** environ;

namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration d) { return std::chrono::duration<double, std::micro>(d).count(); }

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

const std::string kShort = "tar -czf backup.tgz src include Makefile";
const std::string kPipeline =
    "find . -name '*.log' -mtime +7 -print0 | xargs -0 grep -l \"error: $CODE\" | sort -u | while read -r f; "
    "do\n"
    "  gzip -9 \"$f\" && mv \"$f.gz\" \"archive/${f##*/}.gz\" || echo \"no: $f\" >&2\n"
    "done\n"
    "cat <<EOF | mail -s \"$(hostname): logs\" root\n"
    "moved at $(date +%H:%M) by ${USER:-nobody}\n"
    "EOF\n";

/// Lines as scripts have them.
std::string script(size_t bytes) {
  const std::string part =
      "#!/bin/sh\n# Builds and installs one package.\nset -eu\nprefix=${PREFIX:-/usr/local}\n"
      "die() {\n  echo \"error: $1\" >&2\n  exit 1\n}\n"
      "for dir in bin lib share; do\n  mkdir -p \"$prefix/$dir\" || die \"no $dir\"\ndone\n"
      "if [ -f config.mk ] && grep -q '^debug' config.mk; then\n  flags=\"-g -O0\"\nelse\n  flags='-O2'\nfi\n"
      "case $(uname -s) in\n  Linux | *BSD) make -j4 CFLAGS=\"$flags\" ;;\n  Darwin) gmake ;;\n  *) die "
      "other ;;\nesac\n"
      "cp -R build/* \"$prefix/lib/\" 2>/dev/null || true\ncat > \"$prefix/share/version\" <<EOF\n"
      "version $(git describe --tags)\nEOF\n";
  std::string out;
  while (out.size() < bytes) out += part;
  return out;
}

/// Microseconds for one reading.
double ours(const std::string& text, const cmdai::Dialect& dialect, int rounds) {
  std::vector<double> all;
  size_t seen = 0;
  const int inner = text.size() < 1000 ? 200 : 1;
  for (int i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    for (int k = 0; k < inner; ++k) seen += cmdai::syntax::parse(text, dialect).script->statements.size();
    all.push_back(microseconds(Clock::now() - start) / inner);
  }
  if (seen == 0) fmt::print("nothing was read\n");
  return median(std::move(all));
}

double shell(const char* program, const std::string& file, int rounds) {
  std::vector<double> all;
  for (int i = 0; i < rounds; ++i) {
    char no_run[] = "-n";
    std::string name = program, path = file;
    char* argv[] = {name.data(), no_run, path.data(), nullptr};
    const auto start = Clock::now();
    pid_t pid = 0;
    int status = 0;
    if (posix_spawnp(&pid, program, nullptr, nullptr, argv, environ) != 0) return -1;
    waitpid(pid, &status, 0);
    all.push_back(microseconds(Clock::now() - start));
  }
  return median(std::move(all));
}

void beside(const char* program, const std::string& file, const std::string& empty, double own) {
  constexpr int kRounds = 15;
  const double cost = shell(program, file, kRounds) - shell(program, empty, kRounds);
  if (cost > 0) fmt::print("  {:8} -n  {:9.0f} us  {:5.1f} x ours\n", program, cost, cost / own);
}

}  // namespace

int main() {
  const cmdai::Dialect bash = *cmdai::dialect_from_name("bash");
  fmt::print("{} bytes, a command:               {:8.2f} us\n", kShort.size(), ours(kShort, bash, 101));
  fmt::print("{} bytes, pipeline, here-document: {:8.2f} us\n", kPipeline.size(), ours(kPipeline, bash, 101));
  const std::string large = script(1U << 20);
  const double own = ours(large, bash, 11);
  fmt::print("{} bytes, a script:            {:8.0f} us, {:.0f} MB/s\n", large.size(), own,
             static_cast<double>(large.size()) / own);
  char folder[] = "/tmp/cmdai-bench-XXXXXX";
  if (mkdtemp(folder) == nullptr) return 1;
  const std::string file = std::string(folder) + "/large", empty = std::string(folder) + "/empty";
  std::ofstream(file) << large;
  std::ofstream(empty) << ":\n";
  beside("dash", file, empty, own);
  beside("bash", file, empty, own);
  unlink(file.c_str());
  unlink(empty.c_str());
  rmdir(folder);
}
