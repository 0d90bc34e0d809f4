// Batch systems, and images that share the home: Slurm 23, Open MPI 4.1, MPICH 4, Apptainer 1.2.
#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/launching.hpp"

namespace cmdai::commands {
namespace {

/// srun, salloc and sbatch share their options.
constexpr Option kSlurm[] = {{'n', "ntasks", Arg::value},
                             {'N', "nodes", Arg::value},
                             {'c', "cpus-per-task", Arg::value},
                             {'p', "partition", Arg::value},
                             {'t', "time", Arg::value},
                             {'A', "account", Arg::value},
                             {'J', "job-name", Arg::value},
                             {'w', "nodelist", Arg::value},
                             {'x', "exclude", Arg::value},
                             {'o', "output", Arg::value},
                             {'e', "error", Arg::value},
                             {'i', "input", Arg::value},
                             {'D', "chdir", Arg::value},
                             {'a', "array", Arg::value},
                             {'d', "dependency", Arg::value},
                             {'q', "qos", Arg::value},
                             {'C', "constraint", Arg::value},
                             {'G', "gpus", Arg::value},
                             {0, "gres", Arg::value},
                             {0, "mem", Arg::value},
                             {0, "mpi", Arg::value},
                             {0, "wrap", Arg::value},
                             {0, "export", Arg::value},
                             {0, "mail-type", Arg::value},
                             {0, "mail-user", Arg::value},
                             {0, "pty"},
                             {'u', "unbuffered"},
                             {'l', "label"},
                             {0, "exclusive"},
                             {0, "parsable"},
                             {0, "test-only"},
                             {0, "help"},
                             {0, "version"}};
/// sbatch --wrap CODE, a job script, or one on standard input.
void sbatch(const Call& call, Sink& sink) {
  if (call.any("help version test-only")) return;
  if (const Argument* code = call.value("wrap"))
    run_line(sink, code->value, code->place);
  else if (!call.operands().empty())
    run_script(sink, *call.operands().front());
  else
    open_shell(sink, sink.as(call.program()));
}
/// Open MPI 4.1 and MPICH 4: long options with one dash or two, some with two values.
void mpirun(const Call& call, Sink& sink) {
  static constexpr std::string_view kTwo[] = {"mca", "gmca", "am", "env", "genv"};
  static constexpr std::string_view kOne[] = {"n",
                                              "np",
                                              "c",
                                              "N",
                                              "npernode",
                                              "ppn",
                                              "H",
                                              "host",
                                              "hosts",
                                              "hostfile",
                                              "f",
                                              "machinefile",
                                              "x",
                                              "wdir",
                                              "wd",
                                              "map-by",
                                              "bind-to",
                                              "rank-by",
                                              "launcher",
                                              "envlist",
                                              "genvlist",
                                              "timeout",
                                              "output-filename",
                                              "rf",
                                              "rankfile",
                                              "prefix",
                                              "path"};
  const auto& argv = call.argv();
  size_t i = 1;
  while (i < argv.size() && argv[i].value.prefix().starts_with('-')) {
    const std::string word = argv[i].value.with_holes_empty();
    const std::string_view name =
        std::string_view(word).substr(std::min(word.find_first_not_of('-'), word.size()));
    if (name == "help" || name == "version" || name == "V") return;
    i += among(kTwo, name) ? 3 : among(kOne, name) ? 2 : 1;
  }
  if (i < argv.size())
    sink.run({argv.begin() + static_cast<std::ptrdiff_t>(i), argv.end()}, sink.as(call.program()));
}
constexpr Option kImage[] = {{'B', "bind", Arg::value},
                             {'H', "home", Arg::value},
                             {'S', "scratch", Arg::value},
                             {'W', "workdir", Arg::value},
                             {0, "pwd", Arg::value},
                             {0, "env", Arg::value},
                             {0, "env-file", Arg::value},
                             {0, "overlay", Arg::value},
                             {'c', "contain"},
                             {'C', "containall"},
                             {'e', "cleanenv"},
                             {'f', "fakeroot"},
                             {'w', "writable"},
                             {0, "nv"},
                             {0, "rocm"},
                             {'u', "userns"}};
/// apptainer exec IMAGE PROGRAM: with this machine's home, and what is bound: -B HOST[:INSIDE[:OPTIONS]],…
void image(const Call& call, Sink& sink) {
  if (call.operand(0) != "exec") return;
  const size_t verb = call.argv().size() - call.rest().size();
  const Call inner(call.invocation(), kImage, Order::leading, verb + 1);
  std::vector<Argument> argv = inner.rest(1);
  if (argv.empty()) return;
  resolve::RunAs how = sink.as(call.program());
  for (const Argument* list : inner.values("bind")) {
    const std::string text = list->value.with_holes_empty();
    for (size_t at = 0; at < text.size();) {
      const size_t comma = std::min(text.find(',', at), text.size());
      const Argument one{Value::exact(text.substr(at, comma - at)), list->place, nullptr};
      for (resolve::Mount& m : bind_mounts({&one}, sink)) how.wrapper.mounts.push_back(std::move(m));
      at = comma + 1;
    }
  }
  sink.run(std::move(argv), std::move(how));
}

constexpr CommandSpec kBatchCommands[] = {
    {"srun salloc", kSlurm, Order::leading, launch<after<0>>},
    {"sbatch", kSlurm, Order::leading, launch<sbatch>},
    {"mpirun mpiexec orterun mpiexec.hydra", {}, Order::raw, launch<mpirun>},
    {"apptainer singularity", kImage, Order::leading, launch<image>},
};

}  // namespace

std::span<const CommandSpec> batch_commands() { return kBatchCommands; }

}  // namespace cmdai::commands
