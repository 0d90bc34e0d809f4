#define _GNU_SOURCE  // struct ucred, unix(7); syscall(2)
#include "transport.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kLookMs = 50 };  // how long a wait may last before `interrupted` is asked again

static bool (*interrupted)(void);

void transport_interrupted_by(bool (*asked)(void)) { interrupted = asked; }

long long now_ms(void) {
  struct timespec t;
#if defined(__linux__) && defined(__LP64__)
  // vdso(7) is quicker from the second call on; a process that is started for one line pays for finding it.
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
#else
  clock_gettime(CLOCK_MONOTONIC, &t);
#endif
  return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

// Waits until `fd` is ready; false when the time is up.
static bool wait_for(int fd, short events, long long deadline) {
  for (;;) {
    const long long left = deadline - now_ms();
    if (left <= 0) return false;
    struct pollfd entry = {fd, events, 0};
    const int ready = poll(&entry, 1, interrupted == NULL || left < kLookMs ? (int)left : kLookMs);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
    if (interrupted != NULL && interrupted()) return false;
  }
}

bool make_patient(int fd) {
  const struct timeval look = {.tv_usec = kLookMs * 1000};
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look) != 0) return false;
  const int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

static bool is_directory(const char* path) {
  struct stat info;
  return path != NULL && path[0] == '/' && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

// The same places, in the same order, as daemon/ipc/socket_path.cpp.
static bool socket_path(char* out, size_t size) {
  const char* named = getenv("CMDAI_SOCKET");
  const char* runtime = getenv("XDG_RUNTIME_DIR");
  const char* temp = getenv("TMPDIR");
  int n;
  if (named != NULL && named[0] != 0)
    n = named[0] == '/' ? snprintf(out, size, "%s", named) : -1;
  else if (is_directory(runtime))
    n = snprintf(out, size, "%s/cmdai/cmdaid.sock", runtime);
  else
    n = snprintf(out, size, "%s/cmdai-%u/cmdaid.sock", is_directory(temp) ? temp : "/tmp",
                 (unsigned)getuid());
  return n > 0 && (size_t)n < size;
}

static enum outcome check_place(const char* path, mode_t type) {
  struct stat info;
  if (lstat(path, &info) != 0) return errno == ENOENT ? kNobody : kUntrusted;
  const bool ours = (info.st_mode & S_IFMT) == type && info.st_uid == getuid() && (info.st_mode & 077) == 0;
  return ours ? kAnswered : kUntrusted;
}

bool is_private_directory(const char* path) { return check_place(path, S_IFDIR) == kAnswered; }

static enum outcome check_trust(const char* path) {
  char directory[sizeof(struct sockaddr_un)];
  snprintf(directory, sizeof directory, "%s", path);
  char* slash = strrchr(directory, '/');
  if (slash == NULL || slash == directory) return kUntrusted;
  *slash = 0;
  const enum outcome outer = check_place(directory, S_IFDIR);
  return outer != kAnswered ? outer : check_place(path, S_IFSOCK);
}

static bool peer_is_us(int fd) {
  struct ucred who;
  socklen_t size = sizeof who;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.uid == getuid();
}

enum outcome open_daemon(int* fd, long long deadline) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (!socket_path(address.sun_path, sizeof address.sun_path)) return kFailed;
  const enum outcome trust = check_trust(address.sun_path);
  if (trust != kAnswered) return trust;
  *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (*fd < 0) return kFailed;
  while (connect(*fd, (const struct sockaddr*)&address, sizeof address) != 0) {
    if (errno == ECONNREFUSED || errno == ENOENT) return kNobody;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return kFailed;
    if (now_ms() >= deadline) return kTimeout;
    poll(NULL, 0, 1);  // the backlog is full: connect(2), EAGAIN
  }
  return peer_is_us(*fd) ? kAnswered : kUntrusted;
}

static enum outcome send_all(int fd, const char* bytes, size_t size, long long deadline) {
  while (size > 0) {
    const ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) {
      bytes += n;
      size -= (size_t)n;
    } else if (errno == EAGAIN) {
      if (!wait_for(fd, POLLOUT, deadline)) return kTimeout;
    } else if (errno != EINTR) {
      return kFailed;
    }
  }
  return kAnswered;
}

// The descriptor is patient (make_patient), and waited for a moment in vain.
static bool waits_on(long long deadline) {
  return now_ms() < deadline && (interrupted == NULL || !interrupted());
}

static enum outcome read_answer(int fd, bool patient, struct answer* a, long long deadline) {
  a->size = 0;
  for (;;) {
    if (!patient && !wait_for(fd, POLLIN, deadline)) return kTimeout;
    const ssize_t n = read(fd, a->bytes + a->size, sizeof a->bytes - 1 - a->size);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
      if (patient && !waits_on(deadline)) return kTimeout;
      continue;
    }
    if (n <= 0) return kFailed;
    a->size += (size_t)n;
    const enum progress progress = answer_read(a);
    if (progress == kWhole) return kAnswered;
    if (progress == kBroken) return kFailed;
  }
}

enum outcome exchange(int fd, bool patient, struct request* r, struct answer* a, long long deadline) {
  size_t size;
  const char* bytes = request_bytes(r, &size);
  const enum outcome sent = send_all(fd, bytes, size, deadline);
  return sent == kAnswered ? read_answer(fd, patient, a, deadline) : sent;
}

enum outcome ask_daemon(struct request* r, struct answer* a, int milliseconds) {
  const long long deadline = now_ms() + milliseconds;
  int fd = -1;
  enum outcome out = open_daemon(&fd, deadline);
  if (out == kAnswered) out = exchange(fd, false, r, a, deadline);
  if (fd >= 0) close(fd);
  return out;
}

// The child's side: only calls that are safe after fork.
static void become_relay(const struct relay* relay, int in, int out) {
  enum { kMostFields = 600 };
  const char* argv[kMostFields + 5];
  size_t n = 0;
  argv[n++] = "cmdai";
  argv[n++] = "relay";
  if (relay->local) argv[n++] = "--local";
  argv[n++] = "--";
  for (size_t i = 0; relay->fields[i] != NULL && i < kMostFields; ++i) argv[n++] = relay->fields[i];
  argv[n] = NULL;
  signal(SIGPIPE, SIG_DFL);
  signal(SIGQUIT, SIG_DFL);
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0) _exit(127);
  execv(relay->program, (char* const*)argv);
  _exit(127);
}

static bool write_all(int fd, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t n = write(fd, bytes, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes += n;
    size -= (size_t)n;
  }
  return true;
}

static void hand_over_command(const struct relay* relay, int fd) {
  if (!write_all(fd, relay->command, relay->command_size) || !relay->rest_on_stdin) return;
  char buffer[16384];
  for (;;) {
    const ssize_t n = read(0, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || !write_all(fd, buffer, (size_t)n)) return;
  }
}

enum outcome ask_relay(const struct relay* relay, struct answer* a, int milliseconds) {
  int in[2];
  int out[2];
  if (pipe(in) != 0) return kFailed;
  if (pipe(out) != 0) return close(in[0]), close(in[1]), kFailed;
  for (int i = 0; i < 2; ++i) fcntl(in[i], F_SETFD, FD_CLOEXEC), fcntl(out[i], F_SETFD, FD_CLOEXEC);
  const pid_t child = fork();
  if (child == 0) become_relay(relay, in[0], out[1]);
  close(in[0]);
  close(out[1]);
  enum outcome result = kFailed;
  if (child > 0) {
    hand_over_command(relay, in[1]);
    close(in[1]);
    result = read_answer(out[0], false, a, now_ms() + milliseconds);
    if (result != kAnswered) kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
  } else {
    close(in[1]);
  }
  close(out[0]);
  return result;
}
