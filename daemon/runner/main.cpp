// cmdaid-plugin: holds one plugin for cmdaid, so that whatever a plugin does costs the daemon nothing.
// Started by cmdaid alone, with a socket as descriptor 3 (daemon/ipc/plugin_frames.hpp).
#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <thread>

#include "daemon/runner/runner.hpp"

namespace {

constexpr int kSocket = 3;
constexpr unsigned kMostSeconds = 8;  ///< after the daemon's end

#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

/// A plugin that hangs does not see that the daemon is gone: this thread does.
void end_with_the_daemon() {
  pollfd end{kSocket, POLLRDHUP, 0};
  while (poll(&end, 1, -1) < 0 || (end.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0) {
  }
  sleep(kMostSeconds);
  _exit(3);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || argv[2][0] != '/' || fcntl(kSocket, F_SETFD, FD_CLOEXEC) != 0) {
    std::fputs("cmdaid-plugin: started by cmdaid alone, for a plugin of the managed configuration\n", stderr);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  // A service manager ends all processes at once: the daemon's end is ours, with the last lines and close()
  // before it.
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) signal(number, [](int) {});
  umask(0077);
  if (sodium_init() < 0) return 1;
  fcntl(kSocket, F_SETFL, O_NONBLOCK);
  std::thread(end_with_the_daemon).detach();
  cmdai::runner::Runner runner(kSocket, argv[2]);
  const int status = runner.run();
  std::fflush(nullptr);
  _exit(status);  // threads of the plugin may still run: nothing of it is torn down under them
}
