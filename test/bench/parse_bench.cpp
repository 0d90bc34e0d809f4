// What reading a line costs, beside the shells' own readers in the same run: `dash -n` and `bash -n` of the
// same text, less what they cost for a text of one command. Processor time, as the machine may be shared; the
// least of many rounds, in each of which every reader has its turn.
#include <dlfcn.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "libcore/syntax/parse.hpp"

extern char** environ;

namespace {

/// The least of what was measured.
class Least {
 public:
  void add(double value) { value_ = std::min(value_, value); }
  double value() const { return value_; }

 private:
  double value_ = std::numeric_limits<double>::infinity();
};

/// Microseconds of processor time this process has had.
double spent() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double microseconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
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

/// As scripts are: of the 715 /bin/sh scripts of a Debian 12, a quarter of the bytes is comments, an eighth
/// of the lines is blank, a line of code has 28 bytes; a kilobyte has 22 double quotes and 14 dollars.
std::string script(size_t bytes) {
  const std::string part =
      "#!/bin/sh\n# Builds one package and installs it below a prefix.\n# usage: build.sh [DIRECTORY]\n\n"
      "set -eu\nprefix=${PREFIX:-/usr/local}\n\n"
      "# Says on standard error what is wrong, and ends.\n"
      "die() {\n  echo \"error: $1\" >&2\n  exit 1\n}\n\n"
      "for dir in bin lib share; do\n  mkdir -p \"$prefix/$dir\" || die \"the folder $dir cannot be "
      "made\"\ndone\n\n"
      "# Debug builds keep their symbols and are not optimised.\n"
      "if [ -f config.mk ] && grep -q '^debug' config.mk; then\n"
      "  flags=\"-g -O0 -fno-omit-frame-pointer\"\nelse\n  flags='-O2'\nfi\n"
      "case $(uname -s) in\n  Linux | *BSD) make -j4 CFLAGS=\"$flags\" all ;;\n  Darwin) gmake all ;;\n"
      "  *) die \"nobody has built it on this system yet\" ;;\nesac\n\n"
      "# What was there before stays until the new one is complete.\n"
      "cp -R build/* \"$prefix/lib/package.new/\" 2>/dev/null || true\n"
      "mv -f \"$prefix/lib/package.new\" \"$prefix/lib/package\"\n"
      "cat > \"$prefix/share/version\" <<EOF\nversion $(git describe --tags --always)\nEOF\n";
  std::string out;
  while (out.size() < bytes) out += part;
  return out;
}

/// A reader in this process: text to tree, and the tree thrown away.
using Read = size_t (*)(const std::string& text);

size_t ours(const std::string& text) {
  static const cmdai::Dialect bash = *cmdai::dialect_from_name("bash");
  return cmdai::syntax::parse(text, bash).script->statements.size();
}

/// Of a shared object: see tree_sitter_reader.c.
unsigned (*other_reader)(const char* text, unsigned size) = nullptr;
size_t other(const std::string& text) {
  return other_reader(text.data(), static_cast<unsigned>(text.size()));
}

/// Microseconds for one reading.
double cost(Read read, const std::string& text) {
  const int times = text.size() < 1000 ? 500 : 1;
  size_t seen = 0;
  const double start = spent();
  for (int i = 0; i < times; ++i) seen += read(text);
  const double all = spent() - start;
  if (seen == 0) fmt::print("nothing was read\n");
  return all / times;
}

struct Other {
  std::string name;
  Least least{};
  void turn(const std::string& text) { least.add(cost(other, text)); }
  void print(double own) const {
    fmt::print("  {:24} {:9.2f} us  {:5.1f} x ours\n", name, least.value(), least.value() / own);
  }
};

void short_text(const std::string& text, const char* what, const std::string& other_name) {
  Least own;
  Other beside{other_name};
  for (int round = 0; round < 20; ++round) {
    own.add(cost(ours, text));
    if (!other_name.empty()) beside.turn(text);
  }
  fmt::print("{} bytes, {:25} {:8.2f} us\n", text.size(), what, own.value());
  if (!other_name.empty()) beside.print(own.value());
}

/// Microseconds for `PROGRAM -n FILE`, from its start to its end; below 0 when it does not run.
double shell(const char* program, const std::string& file) {
  char no_run[] = "-n";
  std::string name = program, path = file;
  char* argv[] = {name.data(), no_run, path.data(), nullptr};
  pid_t pid = 0;
  int status = 0;
  rusage used{};
  if (posix_spawnp(&pid, program, nullptr, nullptr, argv, environ) != 0) return -1;
  if (wait4(pid, &status, 0, &used) != pid || status != 0) return -1;
  return microseconds(used.ru_utime) + microseconds(used.ru_stime);
}

struct Shell {
  const char* program;
  Least large{}, tiny{};
  bool runs = true;
  void turn(const std::string& large_file, const std::string& tiny_file) {
    const double with = shell(program, large_file), without = shell(program, tiny_file);
    runs = runs && with >= 0 && without >= 0;
    large.add(with);
    tiny.add(without);
  }
};

void large_text(const std::string& text, const std::string& folder, const std::string& other_name) {
  const std::string file = folder + "/large", tiny = folder + "/tiny";
  std::ofstream(file) << text;
  std::ofstream(tiny) << ":\n";
  Least own;
  Shell shells[] = {{"dash"}, {"bash"}};
  Other beside{other_name};
  for (int round = 0; round < 40; ++round) {
    own.add(cost(ours, text));
    for (Shell& s : shells) s.turn(file, tiny);
  }
  // Behind the others: the memory that it leaves to malloc would spare us the kernel's handing out our own.
  for (int round = 0; round < 10 && !other_name.empty(); ++round) beside.turn(text);
  unlink(file.c_str());
  unlink(tiny.c_str());
  fmt::print("{} bytes, a script:            {:8.0f} us, {:.0f} MB/s\n", text.size(), own.value(),
             static_cast<double>(text.size()) / own.value());
  for (const Shell& s : shells) {
    const double cost = s.large.value() - s.tiny.value();
    if (s.runs)
      fmt::print("  {:24} {:9.0f} us  {:5.1f} x ours\n", std::string(s.program) + " -n", cost,
                 cost / own.value());
    else
      fmt::print("  {} -n: skipped, it does not run here, or does not take the text\n", s.program);
  }
  if (!other_name.empty()) beside.print(own.value());
}

std::string contents(const char* file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

/// usage: parse_bench [--beside NAME READER.so] [SCRIPT]
/// READER.so is measured too, see tree_sitter.py; SCRIPT takes the place of the made-up megabyte.
int main(int argc, char** argv) {
  std::string other_name, large = script(1U << 20);
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) != "--beside" || i + 2 >= argc) {
      large = contents(argv[i]);
      continue;
    }
    other_name = argv[++i];
    void* library = dlopen(argv[++i], RTLD_NOW);
    void* reader = library != nullptr ? dlsym(library, "read_text") : nullptr;
    if (reader == nullptr) return fmt::print("error: {}\n", dlerror()), 1;
    other_reader = reinterpret_cast<decltype(other_reader)>(reader);
  }
  char folder[] = "/tmp/cmdai-bench-XXXXXX";
  if (mkdtemp(folder) == nullptr) return 1;
  large_text(large, folder, other_name);
  short_text(kShort, "a command:", other_name);
  short_text(kPipeline, "pipeline, here-document:", other_name);
  rmdir(folder);
}
