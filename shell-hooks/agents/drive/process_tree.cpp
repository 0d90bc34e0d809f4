#include "shell-hooks/agents/drive/process_tree.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

namespace cmdai::agents {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kGrace = 2s;     ///< between SIGTERM and SIGKILL
constexpr auto kPatience = 5s;  ///< after SIGKILL, for what the kernel does not let go

sigset_t held_set() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set, number);
  return set;
}

/// Waits for one of the held signals; 0: none came.
int next_signal(std::chrono::milliseconds limit) {
  const sigset_t set = held_set();
#ifdef __linux__
  const timespec time{limit.count() / 1000, (limit.count() % 1000) * 1'000'000};
  const int number = sigtimedwait(&set, nullptr, &time);
  return number < 0 ? 0 : number;
#else
  usleep(static_cast<useconds_t>(limit.count()) * 1000);
  sigset_t waiting;
  int number = 0;
  for (const int candidate : {SIGINT, SIGTERM, SIGHUP})
    if (sigpending(&waiting) == 0 && sigismember(&waiting, candidate) == 1) sigwait(&set, &number);
  return number;
#endif
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
  }
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  void fill(const Program& program) {
    sigset_t none;
    sigset_t standard = held_set();
    sigemptyset(&none);
    sigaddset(&standard, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &standard);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, program.output.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    posix_spawn_file_actions_addchdir_np(&actions, program.directory.c_str());
  }

  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
};

Result<pid_t> spawn(const Program& program) {
  std::vector<std::string> words = {program.path};
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  std::vector<std::string> environment = program.environment;
  SpawnSettings settings;
  settings.fill(program);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.path.c_str(), &settings.actions, &settings.attributes,
                                pointers(words).data(), pointers(environment).data());
  if (error == 0) return pid;
  Diagnostic problem;
  problem.file = program.path;
  problem.message = fmt::format("cannot be started: {}", std::strerror(error));
  return fail(std::move(problem));
}

/// Processes whose parent we are.
std::set<pid_t> children() {
  std::set<pid_t> out;
#ifdef __linux__
  std::error_code none;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", none)) {
    std::ifstream list(thread.path() / "children");
    for (pid_t pid = 0; list >> pid;) out.insert(pid);
  }
#endif
  return out;
}

/// While it lives, a process whose parent ended becomes our child (Linux).
class Adoption {
 public:
  Adoption() { set(1); }
  ~Adoption() { set(0); }
  Adoption(const Adoption&) = delete;
  Adoption& operator=(const Adoption&) = delete;

 private:
  static void set([[maybe_unused]] unsigned long on) {
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0);
#endif
  }
};

/// Takes ended children away; false: there are no children any more. `status` gets that of `main`.
bool reap(pid_t main, int* status) {
  for (;;) {
    int how = 0;
    const pid_t pid = waitpid(-1, &how, WNOHANG);
    if (pid == 0) return true;
    if (pid < 0 && errno != EINTR) return false;
    if (pid == main) *status = how;
  }
}

/// Signals the group of the program and whatever became ours, until nothing is left. `others`: children we
/// had before.
void end_all(pid_t main, const std::set<pid_t>& others, int* status) {
  const auto begin = Clock::now();
  do {
    const int number = Clock::now() - begin < kGrace ? SIGTERM : SIGKILL;
    kill(-main, number);
    std::set<pid_t> left = children();
    for (const pid_t pid : others) left.erase(pid);
    for (const pid_t pid : left) kill(pid, number);
    if (left.empty() && kill(-main, 0) != 0) return;
    next_signal(20ms);
  } while (reap(main, status) && Clock::now() - begin < kGrace + kPatience);
}

int status_of(int how) { return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how); }

}  // namespace

Result<Ended> run_to_end(const Program& program, std::chrono::milliseconds limit) {
  const Adoption adoption;
  const std::set<pid_t> others = children();
  const auto begin = Clock::now();
  const auto pid = spawn(program);
  if (!pid) return fail(pid.error());
  constexpr int kRuns = -1;
  int how = kRuns;
  Ended out;
  while (reap(*pid, &how) && how == kRuns && out.in_time && out.signal == 0) {
    const int number = next_signal(20ms);
    if (number != 0 && number != SIGCHLD) out.signal = number;
    out.in_time = Clock::now() - begin < limit;
  }
  if (how != kRuns) out.in_time = true;
  out.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  end_all(*pid, others, &how);
  out.status = how == kRuns ? 128 + SIGKILL : status_of(how);
  return out;
}

struct HeldSignals::State {
  sigset_t mask;
};

HeldSignals::HeldSignals() : before_(std::make_unique<State>()) {
  const sigset_t set = held_set();
  pthread_sigmask(SIG_BLOCK, &set, &before_->mask);
}

HeldSignals::~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_->mask, nullptr); }

}  // namespace cmdai::agents
