// Modules and functions that come with zsh 5.9: zshmodules(1), zshcontrib(1).
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/sink.hpp"

namespace cmdai::commands {
namespace {

/// zsh/files: zf_rm is rm, and so on. `-s` (do not follow links) is no option of the others, and harmless.
void module_file(const Call& call, Sink& sink) {
  std::vector<Argument> argv = call.argv();
  argv.front().value = Value::exact(call.program().substr(std::string_view("zf_").size()));
  sink.run(std::move(argv), {});
}

/// zargs [OPTION…] [--] [ARGUMENT… --] [COMMAND [INITIAL-ARGUMENT…]]; -e changes the mark, -i puts each
/// argument in the place of {}.
constexpr Option kZargs[] = {{'e', "eof", Arg::optional},
                             {0, "eof", Arg::optional},
                             {'i', "replace", Arg::optional},
                             {'I', "replace", Arg::value},
                             {'l', "max-lines", Arg::optional},
                             {'L', "max-lines", Arg::value},
                             {'n', "max-args", Arg::value},
                             {'P', "max-procs", Arg::value},
                             {'s', "max-chars", Arg::value},
                             {'p', "interactive"},
                             {'r', "no-run-if-empty"},
                             {'t', "verbose"},
                             {'x', "exit"}};
void zargs(const Call& call, Sink& sink) {
  const std::string mark = call.text("eof").empty() ? "--" : call.text("eof");
  const std::vector<Argument> words = call.rest();
  std::vector<Argument> arguments, argv;
  bool behind = false;
  for (const Argument& word : words) {
    const bool is_mark = word.value.with_holes_empty() == mark;
    if (is_mark && !behind)
      behind = true;
    else
      (behind ? argv : arguments).push_back(word);
  }
  if (argv.empty()) return;
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  resolve::RunAs how = sink.as("zargs");
  how.wrapper.repeats = true;
  sink.run(std::move(argv), how);
}

/// zstyle -e PATTERN STYLE CODE…: evaluated when the style is looked up.
constexpr Option kZstyle[] = {{'e', "evaluate"}, {'d', "delete"}, {'L', "list"}};
void zstyle(const Call& call, Sink& sink) {
  resolve::RunAs how = sink.as("zstyle");
  how.child_shell = true;
  if (!call.has("evaluate")) return;
  for (size_t i = 2; i < call.operands().size(); ++i)
    sink.run_code(*call.operands()[i], call.invocation().dialect, how);
}

constexpr CommandSpec kZshCommands[] = {
    {"zf_rm zf_rmdir zf_mv zf_ln zf_chmod zf_chown zf_chgrp zf_mkdir", {}, Order::raw, module_file},
    {"zargs", kZargs, Order::leading, zargs},
    {"zstyle", kZstyle, Order::leading, zstyle},
};

}  // namespace

std::span<const CommandSpec> zsh_commands() { return kZshCommands; }

}  // namespace cmdai::commands
