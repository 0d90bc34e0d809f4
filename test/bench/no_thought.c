// A daemon that thinks nothing: whatever is asked on its Unix socket is a plain allow. What an answer costs
// without the daemon's own work: the floor of every figure beside it. usage: no_thought SOCKET
#define _GNU_SOURCE  // accept4(2)
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { kMostPeers = 64, kMostFrame = 65536 };

static struct peer {
  char bytes[kMostFrame];
  size_t size;
} peers[kMostPeers];

static void give_up(const char* what) {
  perror(what);
  exit(1);
}

static int listening(const char* path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  umask(0177);
  if (fd < 0 || bind(fd, (const struct sockaddr*)&address, sizeof address) != 0 || listen(fd, 64) != 0)
    give_up(path);
  return fd;
}

// `cmdai/1 TYPE LENGTH\n` and as many bytes; the size of the whole, or 0 when it is not there yet.
static size_t whole_frame(const struct peer* p) {
  const char* end = memchr(p->bytes, '\n', p->size);
  if (end == NULL) return 0;
  const char* blank = memrchr(p->bytes, ' ', (size_t)(end - p->bytes));
  if (blank == NULL) return 0;
  const size_t size = (size_t)(end + 1 - p->bytes) + strtoul(blank, NULL, 10);
  return size <= p->size ? size : 0;
}

static void take(int fd) {
  static const char kAllow[] = "cmdai/1 verdict 27\nid=00000000-1\0action=allow";
  struct peer* p = &peers[fd];
  const ssize_t n = read(fd, p->bytes + p->size, sizeof p->bytes - p->size);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) {
    p->size = 0;
    close(fd);
    return;
  }
  p->size += (size_t)n;
  const size_t size = whole_frame(p);
  if (size == 0) return;
  if (write(fd, kAllow, sizeof kAllow) < 0) return;
  memmove(p->bytes, p->bytes + size, p->size - size);
  p->size -= size;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  signal(SIGPIPE, SIG_IGN);
  const int door = listening(argv[1]);
  const int all = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event watched = {.events = EPOLLIN, .data.fd = door};
  if (all < 0 || epoll_ctl(all, EPOLL_CTL_ADD, door, &watched) != 0) give_up("epoll");
  for (;;) {
    struct epoll_event ready;
    if (epoll_wait(all, &ready, 1, -1) < 1) continue;
    if (ready.data.fd != door) {
      take(ready.data.fd);
      continue;
    }
    const int fd = accept4(door, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 || fd >= kMostPeers) continue;
    watched.data.fd = fd;
    epoll_ctl(all, EPOLL_CTL_ADD, fd, &watched);
    take(fd);  // who connects for one question has sent it, as a rule
  }
}
