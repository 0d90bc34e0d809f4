#include "daemon/cmdaid/child_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <csignal>
#include <cstring>
#include <utility>

#include "daemon/host/files.hpp"

namespace cmdai::daemon {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {

constexpr auto kReapEach = std::chrono::milliseconds(10);

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// Standard output is the pipe, the others are nothing; no other descriptor of ours is in it, no signal
/// blocked or ignored, and what a terminal sends to the daemon is not for it. Returns errno's value.
int spawn(pid_t& process, std::vector<std::string> words, std::vector<std::string> environment, int output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#ifdef __GLIBC__
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
#endif
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&how, &all);
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> variables = pointers_to(environment);
  const int error =
      posix_spawn(&process, arguments.front(), &files, &how, arguments.data(), variables.data());
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

tl::unexpected<Diagnostic> refuse(const std::string& program, int error) {
  return fail(host::file_problem(program, fmt::format("could not be started: {}", std::strerror(error))));
}

}  // namespace

Result<std::shared_ptr<ChildProgram>> ChildProgram::start(asio::io_context& io,
                                                          const std::vector<std::string>& words,
                                                          const std::vector<std::string>& environment,
                                                          std::chrono::milliseconds longest, OnEnd on_end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return refuse(words.front(), errno);
  pid_t process = 0;
  const int error = spawn(process, words, environment, ends[1]);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return refuse(words.front(), error);
  }
  std::shared_ptr<ChildProgram> out(new ChildProgram(io, process, ends[0], std::move(on_end)));
  out->last(longest);
  out->read();
  return out;
}

ChildProgram::ChildProgram(asio::io_context& io, pid_t process, int output, OnEnd on_end)
    : output_(io, output), deadline_(io), reap_timer_(io), process_(process), on_end_(std::move(on_end)) {}

/// One that was told to end and has not yet is left to init.
ChildProgram::~ChildProgram() {
  if (reaped_) return;
  if (!interrupted_) ::kill(process_, SIGKILL);
  waitpid(process_, nullptr, WNOHANG);
}

void ChildProgram::last(std::chrono::milliseconds longest) {
  deadline_.expires_after(longest);
  deadline_.async_wait([weak = weak_from_this()](error_code error) {
    const auto me = weak.lock();
    if (error || !me || me->reaped_) return;
    if (me->interrupted_)
      ::kill(me->process_, SIGKILL);
    else
      me->interrupt();
  });
}

void ChildProgram::interrupt() {
  if (reaped_ || std::exchange(interrupted_, true)) return;
  ::kill(process_, SIGINT);
  last(kGrace);
}

void ChildProgram::interrupt_when_heard() {
  if (!ended_.output.empty()) return interrupt();
  if (!reaped_ && !std::exchange(when_heard_, true)) last(kGrace);
}

void ChildProgram::abandon() {
  on_end_ = nullptr;
  if (!reaped_ && !std::exchange(interrupted_, true)) ::kill(process_, SIGINT);
  error_code ignored;
  output_.close(ignored);
  deadline_.cancel();
  reap_timer_.cancel();
}

void ChildProgram::read() {
  output_.async_read_some(asio::buffer(buffer_), [me = shared_from_this()](error_code error, size_t size) {
    if (error == asio::error::operation_aborted) return;
    if (error) return me->reap();
    size = std::min(size, kMostOutput - me->ended_.output.size());
    me->ended_.output.append(me->buffer_.data(), size);
    if (me->when_heard_) me->interrupt();
    me->read();
  });
}

/// Its output is at an end: it ends, too, in a moment.
void ChildProgram::reap() {
  int status = 0;
  if (waitpid(process_, &status, WNOHANG) == 0) {
    reap_timer_.expires_after(kReapEach);
    reap_timer_.async_wait([me = shared_from_this()](error_code error) {
      if (!error) me->reap();
    });
    return;
  }
  reaped_ = true;
  deadline_.cancel();
  ended_.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (const OnEnd on_end = std::exchange(on_end_, nullptr)) on_end(ended_);
}

}  // namespace cmdai::daemon
