// Programs that run another one in an environment of a language, a project, an account or a distribution.
// Each reads its own options. pipenv 2023, hatch 1.9, python-dotenv 1.0, direnv 2.32, mise 2024, asdf 0.14,
// rustup 1.26, nix 2.18, guix 1.4, aws-vault 7, chamber 2, sops 3.8, libcap 2.66, distrobox 1.5, toolbox
// 0.0.99.
#include <algorithm>
#include <utility>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/launching.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kRunner[] = {{'f', "file", Arg::value},
                              {'e', "env", Arg::value},
                              {'q', "quote", Arg::value},
                              {'p', "project", Arg::value},
                              {'c', "config", Arg::value},
                              {'s', "site-packages"},
                              {0, "python", Arg::value},
                              {0, "env-file", Arg::value},
                              {0, "override"},
                              {0, "no-override"},
                              {0, "help"},
                              {0, "version"}};
/// hatch run ENVIRONMENT:PROGRAM
void run_in_environment(const Call& call, Sink& sink) {
  const size_t verb = call.argv().size() - call.rest().size();
  std::vector<Argument> argv = Call(call.invocation(), kRunner, Order::leading, verb + 1).rest();
  if (argv.empty()) return;
  const std::string word = argv.front().value.text().value_or("");
  argv.front().value = Value::exact(word.substr(word.find(':') + 1));
  sink.run(std::move(argv), sink.as(call.program()));
}
/// pipenv run, pdm run, hatch run, rye run, devbox run, dotenvx run, python's dotenv run.
void runner(const Call& call, Sink& sink) {
  if (call.operand(0) == "run" && call.program() == "hatch" && !call.rest(1).empty() &&
      call.operand(1).find(':') != std::string::npos)
    run_in_environment(call, sink);
  else if (call.operand(0) == "run" && !call.has("help"))
    after_verb(call, sink, kRunner, 0);
  else if (call.program() == "dotenv" && !call.any(kInforms))  // Ruby's and node's run it at once
    run_rest(call, sink, 0);
}
constexpr Option kEnvCmd[] = {{'f', "file", Arg::value},
                              {'e', "environments", Arg::value},
                              {'r', "rc-file", Arg::value},
                              {0, "fallback"},
                              {0, "no-override"},
                              {0, "silent"},
                              {0, "use-shell"},
                              {0, "help"}};

void direnv(const Call& call, Sink& sink) {
  if (call.operand(0) == "exec") after_verb(call, sink, kInforming, 1);
}
/// asdf exec PROGRAM, and so the version managers of single languages.
void asdf(const Call& call, Sink& sink) {
  if (call.operand(0) == "exec") after_verb(call, sink, kInforming, 0);
}
/// rustup run TOOLCHAIN PROGRAM
void rustup(const Call& call, Sink& sink) {
  if (call.operand(0) == "run") after_verb(call, sink, kInforming, 1);
}
constexpr Option kMise[] = {{'c', "command", Arg::value},
                            {'C', "cd", Arg::value},
                            {'j', "jobs", Arg::value},
                            {'q', "quiet"},
                            {'y', "yes"},
                            {0, "raw"}};
void mise(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  if (verb != "exec" && verb != "x") return;
  if (after_dashes(call, sink)) return;
  const Call inner(call.invocation(), kMise, Order::permuted);
  if (const Argument* code = inner.value("command")) run_line(sink, code->value, code->place);
}

/// nix run FLAKE#PACKAGE -- ARGUMENT…: a package's program is mostly called as the package is.
void run_package(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  size_t dashes = 2;
  while (dashes < argv.size() && argv[dashes].value.with_holes_empty() != "--") ++dashes;
  for (size_t i = 2; i < dashes; ++i) {
    const std::string word = argv[i].value.text().value_or("");
    if (word.find('#') == std::string::npos) continue;
    std::vector<Argument> inner{
        {Value::exact(word.substr(word.find_last_of("#.") + 1)), argv[i].place, nullptr}};
    if (dashes < argv.size())
      inner.insert(inner.end(), argv.begin() + static_cast<std::ptrdiff_t>(dashes) + 1, argv.end());
    sink.run(std::move(inner), sink.as("nix"));
    return;
  }
}
/// nix shell X -c PROGRAM, nix develop --command PROGRAM: all that follows the option; without it a shell.
void nix(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  const std::string verb = call.operand(0);
  if (verb == "run") return run_package(call, sink);
  for (size_t i = 2; i + 1 < argv.size(); ++i) {
    const std::string word = argv[i].value.with_holes_empty();
    if (word == "--") return;
    if (word != "-c" && word != "--command") continue;
    sink.run({argv.begin() + static_cast<std::ptrdiff_t>(i) + 1, argv.end()}, sink.as("nix"));
    return;
  }
  if (verb == "shell" || verb == "develop") open_shell(sink, sink.as("nix"));
}
constexpr Option kNixShell[] = {{'p', "packages"},
                                {0, "run", Arg::value},
                                {0, "command", Arg::value},
                                {'A', "attr", Arg::value},
                                {'I', "include", Arg::value},
                                {'E', "expr", Arg::value},
                                {'i', "interpreter", Arg::value},
                                {0, "pure"},
                                {0, "keep", Arg::value}};
void nix_shell(const Call& call, Sink& sink) {
  for (std::string_view option : {"run", "command"})
    if (const Argument* code = call.value(option)) return run_line(sink, code->value, code->place);
  if (!call.any(kInforms)) open_shell(sink, sink.as(call.program()));
}
constexpr Option kAwsVault[] = {{'d', "duration", Arg::value},
                                {'t', "mfa-token", Arg::value},
                                {0, "region", Arg::value},
                                {'n', "no-session"},
                                {'s', "server"},
                                {'j', "json"},
                                {0, "ecs-server"},
                                {0, "lazy"}};
/// aws-vault exec [OPTION…] PROFILE [--] [PROGRAM…]: without one a shell.
void aws_vault(const Call& call, Sink& sink) {
  if (call.operand(0) != "exec" || after_dashes(call, sink)) return;
  const size_t verb = call.argv().size() - call.rest().size();
  const Call inner(call.invocation(), kAwsVault, Order::leading, verb + 1);
  if (!inner.operands().empty()) run_rest_or_shell(inner, sink, 1);
}
/// sops exec-env FILE CODE, sops exec-file FILE CODE
constexpr Option kSops[] = {{0, "user", Arg::value},
                            {0, "input-type", Arg::value},
                            {0, "output-type", Arg::value},
                            {0, "filename", Arg::value},
                            {0, "background"},
                            {0, "no-fifo"},
                            {0, "pristine"}};
void sops(const Call& call, Sink& sink) {
  if ((call.operand(0) == "exec-env" || call.operand(0) == "exec-file") && call.operands().size() > 2)
    run_line(sink, call.operands()[2]->value, call.operands()[2]->place);
}
/// capsh [OPTION…] -- [ARGUMENT…]: what follows is bash's.
void capsh(const Call& call, Sink& sink) {
  const auto& argv = call.argv();
  for (size_t i = 1; i < argv.size(); ++i) {
    if (argv[i].value.with_holes_empty() != "--") continue;
    std::vector<Argument> inner(argv.begin() + static_cast<std::ptrdiff_t>(i), argv.end());
    inner.front().value = Value::exact("bash");
    sink.run(std::move(inner), sink.as("capsh"));
    return;
  }
}
/// guix shell … -- X, onchange … -- X, chamber exec … -- X, distrobox enter … -- X,
/// gnome-terminal -- X
void dashed(const Call& call, Sink& sink) { after_dashes(call, sink); }

constexpr Option kToolbox[] = {
    {'c', "container", Arg::value}, {'d', "distro", Arg::value}, {'r', "release", Arg::value}};
void toolbox(const Call& call, Sink& sink) {
  if (call.operand(0) == "run") after_verb(call, sink, kToolbox, 0);
}

constexpr CommandSpec kEnvironmentCommands[] = {
    {"pipenv pdm hatch rye devbox dotenv dotenvx", kRunner, Order::leading, launch<runner>},
    {"env-cmd cross-env", kEnvCmd, Order::leading, launch<after<0>>},
    {"direnv", kInforming, Order::leading, launch<direnv>},
    {"mise rtx", kMise, Order::leading, launch<mise>},
    {"asdf rbenv pyenv nodenv goenv jenv plenv phpenv", kInforming, Order::leading, launch<asdf>},
    {"rustup", kInforming, Order::leading, launch<rustup>},
    {"nix", {}, Order::raw, launch<nix>},
    {"nix-shell", kNixShell, Order::permuted, launch<nix_shell>},
    {"guix onchange chamber distrobox distrobox-enter", {}, Order::raw, launch<dashed>},
    {"aws-vault", kAwsVault, Order::leading, launch<aws_vault>},
    {"sops", kSops, Order::permuted, launch<sops>},
    {"capsh", {}, Order::raw, launch<capsh>},
    {"toolbox", kToolbox, Order::leading, launch<toolbox>},
};

}  // namespace

std::span<const CommandSpec> environment_commands() { return kEnvironmentCommands; }

}  // namespace cmdai::commands
