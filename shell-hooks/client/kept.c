#define _GNU_SOURCE  // F_DUPFD_CLOEXEC, fcntl(2)
#include "kept.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// Above what people name in `exec 3<file`, and below where bash keeps its own (255).
enum { kFirstDescriptor = 200 };

static bool still_ours(const struct kept* k) {
  struct stat now;
  return fstat(k->fd, &now) == 0 && now.st_dev == k->device && now.st_ino == k->inode;
}

void give_up(struct kept* k) {
  if (k->open && still_ours(k)) close(k->fd);
  k->open = false;
}

static void move_up(int* fd) {
  const int high = fcntl(*fd, F_DUPFD_CLOEXEC, kFirstDescriptor);
  if (high < 0) return;  // few descriptors are allowed here: where it is will do
  close(*fd);
  *fd = high;
}

static enum outcome connect_anew(struct kept* k, long long deadline) {
  int fd = -1;
  enum outcome out = open_daemon(&fd, deadline);
  struct stat info;
  if (out == kAnswered) {
    move_up(&fd);
    if (fstat(fd, &info) != 0) out = kFailed;
  }
  if (out != kAnswered) {
    if (fd >= 0) close(fd);
    return out;
  }
  *k = (struct kept){true, make_patient(fd), fd, getpid(), info.st_dev, info.st_ino};
  return kAnswered;
}

enum outcome ask_kept(struct kept* k, struct request* r, struct answer* a, int milliseconds) {
  const long long deadline = now_ms() + milliseconds;
  if (k->open && (k->owner != getpid() || !still_ours(k))) give_up(k);
  bool old = k->open;
  for (;;) {
    enum outcome out = k->open ? kAnswered : connect_anew(k, deadline);
    if (out == kAnswered) out = exchange(k->fd, k->patient, r, a, deadline);
    if (out != kAnswered) give_up(k);
    // The one who listened may have ended since: ask the one who listens now, once.
    if (out != kFailed || !old) return out;
    old = false;
  }
}
