// Put before the C library: an fdatasync(2) that does not end while the file `hold` is in $SLOW_DISK. It says
// there that it began (`waits`) and ended (`done`).
#define _GNU_SOURCE  // O_CLOEXEC, usleep(3)
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void at(char* path, size_t size, const char* name) {
  const char* place = getenv("SLOW_DISK");
  snprintf(path, size, "%s/%s", place == NULL ? "/nonexistent" : place, name);
}

static void say(const char* name) {
  char path[4096];
  at(path, sizeof path, name);
  const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) close(fd);
}

__attribute__((visibility("default"))) int fdatasync(int fd);

int fdatasync(int fd) {
  char hold[4096];
  at(hold, sizeof hold, "hold");
  say("waits");
  while (access(hold, F_OK) == 0) usleep(5000);
  say("done");
  return fsync(fd);
}
