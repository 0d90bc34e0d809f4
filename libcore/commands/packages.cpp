// Package managers: apt 2.6, dpkg, dnf, pacman, apk, brew, snap, flatpak; pip, npm, pnpm, yarn, cargo, gem,
// go, composer. And make-like runners.
#include <algorithm>
#include <optional>

#include "libcore/base/text.hpp"
#include "libcore/commands/catalogue.hpp"
#include "libcore/commands/host_names.hpp"
#include "libcore/commands/network.hpp"
#include "libcore/commands/package_names.hpp"
#include "libcore/commands/package_scripts.hpp"
#include "libcore/commands/subcommands.hpp"
#include "libcore/commands/task_names.hpp"
#include "libcore/commands/writes.hpp"

namespace cmdai::commands {
namespace {

constexpr Option kCommon[] = {{'y', "yes"},
                              {'q', "quiet"},
                              {'f', "fix"},
                              {'s', "simulate"},
                              {0, "dry-run"},
                              {0, "purge"},
                              {0, "auto-remove"},
                              {'g', "global"},
                              {'D', "save-dev"},
                              {'o', "option", Arg::value},
                              {'t', "target-release", Arg::value},
                              {0, "allow-remove-essential"},
                              {0, "no-preserve-root"},
                              {0, "force-all"},
                              {0, "nodeps"},
                              {0, "registry", Arg::value},
                              {0, "repository", Arg::value},
                              {'X', "repository", Arg::value},
                              {'C', "directory", Arg::value},
                              {0, "prefix", Arg::value},
                              {0, "version", Arg::none},
                              {0, "help"},
                              {'r', "requirement", Arg::value},
                              {'i', "index-url", Arg::value},
                              {0, "extra-index-url", Arg::value},
                              {0, "index", Arg::value},
                              {0, "default-index", Arg::value},
                              {0, "find-links", Arg::value},
                              {0, "source", Arg::value},
                              {0, "channel", Arg::value},
                              {0, "break-system-packages"},
                              {'c', "constraint", Arg::value},
                              {0, "target", Arg::value},
                              {0, "git", Arg::value},
                              {0, "path", Arg::value},
                              {0, "features", Arg::value},
                              {'F', "features", Arg::value},
                              {0, "group", Arg::value},
                              {0, "extra", Arg::value},
                              {0, "workspace", Arg::value},
                              {0, "python", Arg::value},
                              {0, "python-version", Arg::value},
                              {0, "platform", Arg::value},
                              {0, "cache-dir", Arg::value},
                              {0, "root", Arg::value},
                              {0, "branch", Arg::value},
                              {0, "tag", Arg::value},
                              {0, "rev", Arg::value},
                              {0, "omit", Arg::value},
                              {0, "loglevel", Arg::value},
                              {'n', "n", Arg::none},
                              {'e', "editable", Arg::value},
                              {0, "trusted-host", Arg::value},
                              {0, "no-gpg-check"},
                              {0, "allow-unauthenticated"}};

/// Packages without which the machine does not work.
bool is_essential(const std::string& name) {
  static constexpr std::string_view kNames[] = {
      "libc6",   "bash",  "coreutils",       "dpkg",         "apt",
      "systemd", "sudo",  "openssh-server",  "linux-image*", "glibc",
      "init",    "login", "passwd",          "util-linux",   "python3",
      "python",  "grub*", "network-manager", "kernel"};
  for (std::string_view n : kNames)
    if (name == n || (n.ends_with('*') && std::string_view(name).starts_with(n.substr(0, n.size() - 1))))
      return true;
  return name == "*" || name.starts_with("linux-image") || name == "*.*";
}

bool is_url(const std::string& text) {
  return text.starts_with("http://") || text.starts_with("https://") || text.starts_with("git+") ||
         text.starts_with("ftp://") || text.starts_with("git://");
}

void remove_packages(const Call& call, Sink& sink, size_t first) {
  for (size_t i = first; i < call.operands().size(); ++i) {
    const bool essential = is_essential(call.operand(i)) || call.has("allow-remove-essential");
    sink.on(Kind::changes_config, essential ? "pkg.remove-essential" : "pkg.remove", *call.operands()[i]);
  }
}

/// npm owner add, npm access grant, cargo owner --add: who may publish from now on.
bool changes_owner(const Call& call) {
  const std::string verb = call.operand(0), what = call.operand(1);
  if (verb == "access") return what == "grant" || what == "revoke" || what == "set";
  return verb == "owner" && (what == "add" || what == "rm" || what == "remove" || call.any("add remove a"));
}

/// yarn and pnpm run a program of the project when the word is none of their own.
bool is_builtin_verb(const std::string& verb) {
  static constexpr std::string_view kVerbs[] = {
      "add",     "remove", "install",   "i",          "run",       "test",      "start",  "build",
      "publish", "npm",    "config",    "init",       "link",      "unlink",    "up",     "upgrade",
      "why",     "cache",  "workspace", "workspaces", "global",    "create",    "audit",  "list",
      "info",    "owner",  "version",   "login",      "logout",    "pack",      "set",    "import",
      "dedupe",  "check",  "bin",       "access",     "unpublish", "deprecate", "update", "un"};
  return among(kVerbs, verb);
}

/// Where a manager takes a package of a plain name from. conda and the systems' own managers have lists that
/// nobody adds to at will.
std::optional<Registry> registry_of(std::string_view program) {
  if (const size_t stem = program.find_first_of("0123456789"); stem != std::string_view::npos)
    program = program.substr(0, stem);  // pip3.11
  static constexpr std::string_view kPython[] = {"pip", "pipx", "uv", "poetry", "uvx"};
  static constexpr std::string_view kNode[] = {"npm", "pnpm", "yarn", "npx", "pnpx", "bunx"};
  static constexpr std::string_view kRuby[] = {"gem", "bundle"};
  if (among(kPython, program)) return Registry::pypi;
  if (among(kNode, program)) return Registry::npm;
  if (among(kRuby, program)) return Registry::gems;
  return program == "cargo" ? std::optional(Registry::crates) : std::nullopt;
}

constexpr Option kTool[] = {
    {'n', "name", Arg::value}, {'p', "package", Arg::value},   {0, "prefix", Arg::value},
    {0, "with", Arg::value},   {0, "from", Arg::value},        {0, "python", Arg::value},
    {0, "cwd", Arg::value},    {0, "env-file", Arg::value},    {0, "extra", Arg::value},
    {0, "group", Arg::value},  {'w', "workspace", Arg::value}, {'C', "directory", Arg::value},
    {0, "spec", Arg::value},   {0, "project", Arg::value},     {'c', "call", Arg::value}};
/// npm exec, pnpm dlx, uv tool run: after that many words a tool, or with -c a line for the shell.
void run_tool(const Call& call, Sink& sink, size_t verbs = 1) {
  resolve::RunAs how = sink.as(call.program());
  const size_t verb = call.argv().size() - call.rest(verbs - 1).size();
  const Call tool(call.invocation(), kTool, Order::leading, verb + 1);
  if (const Argument* code = tool.value("call")) {
    how.child_shell = true;
    sink.run_code(*code, *dialect_from_name("sh"), how);
    return;
  }
  std::vector<Argument> argv = tool.rest();
  if (argv.empty()) return;
  const std::string last = call.operand(verbs - 1);  // the others run what is installed already
  const bool fetches = last == "dlx" || (call.program() == "npm" && (last == "exec" || last == "x")) ||
                       (verbs > 1 && last == "run");
  if (const auto registry = registry_of(call.program()); registry && fetches)
    judge_package_name(sink, *registry, argv.front());
  sink.run(std::move(argv), how);
}

/// Options that name a place packages come from.
constexpr std::string_view kIndexes[] = {"index-url",     "extra-index-url", "registry", "git",    "index",
                                         "default-index", "find-links",      "source",   "channel"};

/// Where packages come from: operands that are addresses, and the index.
void judge_origins(const Call& call, Sink& sink) {
  for (const Argument* word : call.operands())
    if (is_url(word->value.prefix())) judge_host(sink, *word);
  for (std::string_view option : kIndexes)
    for (const Argument* address : call.values(option)) judge_host(sink, *address);
  for (const Argument* address : call.values("repository")) judge_host(sink, *address);
}

/// npm config set registry URL, gem sources --add URL, conda config --add channels URL: where all later
/// packages come from.
void judge_kept_index(const Call& call, Sink& sink) {
  const std::string verb = call.operand(0);
  if (verb != "config" && verb != "set" && verb != "sources" && verb != "env" && verb != "source") return;
  for (size_t i = 1; i < call.operands().size(); ++i) {
    const Argument& word = *call.operands()[i];
    const std::string text = word.value.prefix();
    const size_t equals = text.find("=http");
    const Argument url{equals == std::string::npos ? word.value : Value::exact(text.substr(equals + 1)),
                       word.place, nullptr};
    const std::string address = url.value.prefix();
    const bool proxy =
        text.find("proxy=") != std::string::npos || call.operand(i - 1).find("proxy") != std::string::npos;
    if (is_url(address) && !proxy && is_open_to_all(url))
      sink.on(Kind::changes_config, "pkg.plain-index", url);
  }
}

/// The names among the words: of `uv tool install`, `yarn global add` all behind the verb.
void judge_names(const Call& call, Sink& sink) {
  const auto registry = registry_of(call.program());
  if (!registry || call.any("index-url registry index default-index source git path")) return;
  static constexpr std::string_view kGroups[] = {"pip", "tool", "global"};
  static constexpr std::string_view kVerbs[] = {"install", "add", "i", "in", "download", "inject"};
  const size_t verb = among(kGroups, call.operand(0)) ? 1 : 0;
  if (!among(kVerbs, call.operand(verb))) return;
  for (size_t i = verb + 1; i < call.operands().size(); ++i)
    judge_package_name(sink, *registry, *call.operands()[i]);
}

constexpr std::string_view kScripted[] = {"npm", "yarn", "pnpm"};

void manager(const Call& call, Sink& sink) {
  judge_origins(call, sink);
  judge_kept_index(call, sink);
  if (call.any("simulate dry-run help")) return;
  judge_names(call, sink);
  const std::string verb = call.operand(0);
  const bool has_scripts = among(kScripted, call.program());
  if (has_scripts && run_package_scripts(call, sink) && verb != "publish") return;
  if (has_scripts && verb != "exec") judge_task_names(sink, call.invocation().argv);
  const auto is = [&verb](std::initializer_list<std::string_view> verbs) {
    return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
  };
  if (is({"remove", "purge", "autoremove", "erase", "uninstall", "del", "full-remove"}))
    return remove_packages(call, sink, 1);
  if (is({"publish", "push"}) || (call.program() == "twine" && verb == "upload"))
    sink.add(Kind::changes_remote, "pkg.publish");
  if (is({"unpublish"}) || (verb == "npm" && call.operand(1) == "unpublish"))
    sink.on(Kind::changes_remote, "pkg.unpublish", *call.operands().back());
  if (is({"yank", "deprecate"})) sink.on(Kind::changes_remote, "pkg.yank", *call.operands().back());
  if (changes_owner(call)) sink.add(Kind::changes_remote, "pkg.owner");
  const std::string& p = call.program();
  const bool runs = is({"exec", "x", "dlx"}) ||
                    (verb == "run" && (p == "uv" || p == "poetry" || p == "pipx" || p == "conda" ||
                                       p == "mamba" || p == "micromamba" || p == "pixi" || p == "dotnet"));
  if (runs) return run_tool(call, sink);
  if (p == "uv" && verb == "tool" && call.operand(1) == "run") return run_tool(call, sink, 2);
  if ((p == "yarn" || p == "pnpm" || p == "bundle") && call.operands().size() > 1 && !is_builtin_verb(verb))
    return sink.run({call.argv().begin() + 1, call.argv().end()}, sink.as(p)), void();
  if (is({"config"}) && call.operand(1) == "set" && call.operand(2) == "script-shell")
    sink.add(Kind::changes_config, "exec.hijack").detail = "script-shell";
  const bool nested = p == "uv" && verb == "pip" && call.operand(1) == "install";
  if (!nested && !is({"install", "add", "i", "in", "reinstall", "localinstall"})) return;
  for (size_t i = nested ? 2 : 1; i < call.operands().size(); ++i) {
    const std::string what = call.operand(i);
    const bool system = call.program() == "dnf" || call.program() == "yum" || call.program() == "zypper";
    if (is_url(what) && !is_near(host_of(what)) && !(system && what.starts_with("https://")))
      sink.on(Kind::installs, "pkg.install-url", *call.operands()[i]).detail =
          what.starts_with("http://") || what.starts_with("git+http://") ? "plain-http" : "";
    else
      sink.on(Kind::installs, "pkg.install", *call.operands()[i]);
  }
  for (std::string_view option : kIndexes)
    for (const Argument* where : call.values(option))
      if (is_open_to_all(*where)) sink.on(Kind::installs, "pkg.plain-index", *where);
}

constexpr Option kDpkg[] = {{'i', "install"},
                            {'r', "remove"},
                            {'P', "purge"},
                            {'l', "list"},
                            {'L', "listfiles"},
                            {'s', "status"},
                            {'S', "search"},
                            {0, "force-all"},
                            {'U', "upgrade"},
                            {'e', "erase"},
                            {'q', "query"},
                            {'V', "verify"},
                            {0, "force-remove-essential"},
                            {0, "nodeps"}};
void dpkg(const Call& call, Sink& sink) {
  const bool query = call.any("query list listfiles status search verify") && call.program() != "dpkg";
  if (query) return;
  if (call.any("remove purge erase")) remove_packages(call, sink, 0);
}

/// apt-key add FILE, apt-key adv --fetch-keys URL: a key whose packages are believed from now on.
constexpr Option kAptKey[] = {{0, "keyring", Arg::value},
                              {0, "fetch-keys", Arg::value},
                              {0, "keyserver", Arg::value},
                              {0, "recv-keys", Arg::value}};
void apt_key(const Call& call, Sink& sink) {
  if (const Argument* url = call.value("fetch-keys"); url != nullptr && is_open_to_all(*url))
    sink.on(Kind::installs, "pkg.plain-index", *url).detail = "key";
  if (call.operand(0) != "add" || call.operands().size() < 2) return;
  const Argument& file = *call.operands()[1];
  const Value* content =
      call.operand(1) == "-" ? &call.invocation().input.data : sink.file_content(file.value);
  if (content != nullptr && has(content->taint, Taint::open))
    sink.on(Kind::installs, "pkg.plain-index", file).detail = "key";
}

constexpr Option kPacman[] = {{'R', "Remove"}, {'S', "Sync"},     {'Q', "Query"}, {'U', "Upgrade"},
                              {'F', "Files"},  {'D', "Database"}, {'T', "Test"},  {'s', "s"},
                              {'n', "n"},      {'c', "c"},        {'d', "d"},     {'y', "y"},
                              {'u', "u"},      {0, "noconfirm"}};
void pacman(const Call& call, Sink& sink) {
  if (call.has("Remove")) remove_packages(call, sink, 0);
}

/// npx, uvx …: fetch and run.
constexpr Option kNpx[] = {
    {'y', "yes"}, {'p', "package", Arg::value}, {'c', "call", Arg::value}, {'q', "quiet"}};
void npx(const Call& call, Sink& sink) {
  if (const Argument* code = call.value("call")) {
    resolve::RunAs how = sink.as(call.program());
    how.child_shell = true;
    sink.run_code(*code, *dialect_from_name("sh"), how);
    return;
  }
  std::vector<Argument> argv = call.rest();
  if (argv.empty()) return;
  if (const auto registry = registry_of(call.program())) judge_package_name(sink, *registry, argv.front());
  if (is_url(call.operand(0))) sink.on(Kind::runs_remote_code, "exec.remote", argv.front());
  sink.run(std::move(argv), sink.as(call.program()));
}

constexpr CommandSpec kPackageCommands[] = {
    {"apt apt-get aptitude dnf yum microdnf zypper apk brew snap flatpak port pkg emerge nala", kCommon,
     Order::permuted, manager},
    {"pip pip3 pipx uv poetry conda mamba micromamba pixi npm pnpm yarn cargo gem go composer bundle twine "
     "luarocks cpan "
     "dotnet nuget hex",
     kCommon, Order::permuted, manager},
    {"apt-key", kAptKey, Order::permuted, apt_key},
    {"dpkg rpm", kDpkg, Order::permuted, dpkg},
    {"pacman yay paru", kPacman, Order::permuted, pacman},
    {"npx bunx pnpx uvx", kNpx, Order::leading, npx},
};

}  // namespace

std::span<const CommandSpec> package_commands() { return kPackageCommands; }

}  // namespace cmdai::commands
