// cmdai run: a program under the exec guard. docs/exec-guard.md says what that stops and what not.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "daemon/cli/exec_arbiter.hpp"
#include "daemon/cli/follow_ups.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/judge.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/host/agents.hpp"
#include "daemon/ipc/socket_path.hpp"
#include "daemon/ipc/start_daemon.hpp"
#include "libcore/base/text.hpp"
#include "shell-hooks/exec-guard/guard.hpp"
#include "shell-hooks/exec-guard/guarded_tree.hpp"
#include "shell-hooks/exec-guard/landlock.hpp"
#include "shell-hooks/exec-guard/tree_stderr.hpp"

namespace cmdai::cli {
namespace {

constexpr std::string_view kExplanation =
    "cmdai run judges every program this one and its children start, before it starts: with its words, its\n"
    "directory, and the scripts it reads. Refused is what policy refuses, and what nobody answers for.\n"
    "It does not stop:\n"
    "- what a program does itself, without starting another: files it writes or removes, what it sends\n"
    "- words changed by another thread between the look at them and the start\n"
    "- a copy of a program under another name\n"
    "- what a process outside of this tree does when it is asked to (a daemon, tmux, a desktop)\n"
    "sudo and other setuid programs gain no rights inside (no_new_privs). The guard ended by force: nothing\n"
    "of this tree starts any more. docs/exec-guard.md has all of it.\n";

/// The last part of a path, as a name in rules and records may be spelled.
std::string plain_name(std::string_view path) {
  std::string out(path.substr(path.rfind('/') + 1));
  std::erase_if(out, [](unsigned char c) {
    return std::isalnum(c) == 0 &&
           std::string_view("._-").find(static_cast<char>(c)) == std::string_view::npos;
  });
  return out.empty() ? "program" : out;
}

/// The agent by its program, or by the script an interpreter runs; else the program itself.
std::string name_of(const std::vector<std::string>& argv) {
  const auto known = [](const std::string& word) -> const host::Agent* {
    const std::string file = plain_name(word);
    for (const host::Agent& agent : host::known_agents())
      for (const std::string& program : words_in(agent.programs))
        if (program == file) return &agent;
    return nullptr;
  };
  if (const host::Agent* agent = known(argv[0])) return std::string(agent->name);
  const auto script =
      std::find_if(argv.begin() + 1, argv.end(), [](const std::string& w) { return !w.starts_with('-'); });
  if (script != argv.end() && script->find('/') != std::string::npos)
    if (const host::Agent* agent = known(*script)) return std::string(agent->name);
  return plain_name(argv[0]);
}

/// What cannot be said while a full-screen program has the terminal is said when it has ended.
class Notices {
 public:
  void tell(const exec_guard::ExecCall& call, const std::string& message) {
    const std::lock_guard lock(mutex_);
    const bool now = isatty(STDERR_FILENO) != 1 || exec_guard::terminal_is_plain(STDERR_FILENO);
    if (now)
      talk(message);
    else
      keep(message);
    exec_guard::write_to_stderr_of(call.pid, message, now ? STDERR_FILENO : -1);
  }

  void say_kept() {
    const std::lock_guard lock(mutex_);
    if (kept_.empty()) return;
    talk(fmt::format("cmdai: {} refused while the screen was taken\n",
                     left_out_ + kept_.size() == 1
                         ? "this was"
                         : fmt::format("{} commands were", left_out_ + kept_.size())));
    for (const std::string& message : kept_) talk(message);
    kept_.clear();
  }

 private:
  void keep(const std::string& message) {
    constexpr size_t kMost = 10;
    if (kept_.size() < kMost)
      kept_.push_back(message);
    else
      ++left_out_;
  }
  std::mutex mutex_;
  std::vector<std::string> kept_;
  size_t left_out_ = 0;
};

Result<exec_guard::Confinement> confinement_of(const Arguments& a) {
  exec_guard::Confinement asked;
  for (const auto& [name, value] : a.options) {
    if (name == "read-only") asked.read_only.push_back(value);
    if (name == "hide") asked.hidden.push_back(value);
  }
  return exec_guard::usable(asked);
}

/// So that the first exec does not wait for it.
void start_daemon() {
  const Result<std::string> path = ipc::socket_path();
  if (!path) return;
  if (const auto connected = ipc::connect_or_start(*path); !connected)
    talk(fmt::format("cmdai: judging without the daemon: {}\n", connected.error().diagnostic.render()));
}

void say_limits(const Arguments& a, const exec_guard::Confinement& confinement) {
  if (a.has("explain")) talk(kExplanation);
  if (a.has("explain") && !confinement.empty())
    talk(
        "Landlock keeps the paths you named; new files beside them, in the folders above, cannot be made\n"
        "(--read-only) or read (--hide), and sandboxes that mount (bubblewrap) do not start.\n");
  if (const std::string gap = exec_guard::landlock_gap(confinement); !gap.empty())
    talk(fmt::format("cmdai: warning: {}\n", gap));
}

}  // namespace

int run_guarded_program(const Arguments& a) {
  if (a.operands.empty()) return complain("no program given", "cmdai run -- PROGRAM [ARGUMENT…]", kUsage);
  const Result<exec_guard::Confinement> confinement = confinement_of(a);
  if (!confinement) return complain(confinement.error(), kUsage);
  say_limits(a, *confinement);
  start_daemon();
  const std::string name = a.has("name") ? plain_name(a.get("name")) : name_of(a.operands);
  // Used by the guard's threads until its process ends.
  static RunContext run("agent:" + name, home_directory(), !a.has("no-ask"));
  static Notices notices;
  static FollowUps follow_ups(run);
  static std::optional<exec_guard::Guard> guard;
  exec_guard::TreeHooks hooks;
  hooks.prepare = [&] { return exec_guard::confine(*confinement); };
  hooks.guard = [](int listener) {
    guard.emplace(listener, exec_guard::Guard::Hooks{
                                [] { return std::make_unique<ExecArbiter>(run); },
                                [](auto& call, auto& lines) { return follow_ups.let_go(call, lines); },
                                [](const auto& call, const std::string& why) { notices.tell(call, why); }});
    run.follow_ups = &follow_ups;
    follow_ups.start();
    guard->start();
  };
  hooks.ended = [] {
    follow_ups.settle();  // who waits for the program finds its record whole
    run.question.stop();
    notices.say_kept();
  };
  hooks.left = [] { follow_ups.drain(); };
  hooks.nested = [] { talk("cmdai: this runs under `cmdai run` already, which goes on to guard it\n"); };
  return exec_guard::run_guarded(a.operands, hooks);
}

}  // namespace cmdai::cli
