#define _GNU_SOURCE  // struct ucred in what transport.h needs, syscall(2)
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kept.h"
#include "transport.h"

enum { kDaemonMs = 2000, kWriteMs = 1000, kLookMs = 60000 };
enum { kMostRequest = 65536, kMostSaid = 60000 };     // a FIFO holds 65536 bytes: pipe(7)
enum { kHead = 40, kMostNumber = 10, kMostId = 24 };  // serve.h
enum { kRun = 0, kRefused = 1, kOtherWay = 2, kSilent = 3, kNeed = 4, kIncomplete = 5, kAsk = 6 };

static struct kept connection;
static struct request request;
static struct answer answer;

static struct {
  char ask[4096], say[4096];
  int ask_fd, say_fd;
} fifos;

// What an answer says beyond its head.
static struct {
  char bytes[kMostSaid];
  size_t size;
} said;

static void unlink_fifos(void) {
  unlink(fifos.ask);
  unlink(fifos.say);
}

static void end(int signal) {
  (void)signal;
  unlink_fifos();
  _exit(0);
}

// Both ends in our hands: opening waits for nobody, and reading never comes to an end.
static int make_fifo(const char* path) {
  unlink(path);
  if (mkfifo(path, 0600) != 0) return -1;
  return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

static bool make_fifos(const char* place) {
  const int n = snprintf(fifos.ask, sizeof fifos.ask, "%s.ask", place);
  if (n < 0 || (size_t)n >= sizeof fifos.ask || strrchr(place, '/') == NULL) return false;
  snprintf(fifos.say, sizeof fifos.say, "%.*s", (int)(strrchr(place, '/') - place), place);
  if (!is_private_directory(fifos.say)) return false;
  snprintf(fifos.say, sizeof fifos.say, "%s.say", place);
  // `ask` last: where it is, the other is there, too.
  fifos.say_fd = make_fifo(fifos.say);
  fifos.ask_fd = fifos.say_fd < 0 ? -1 : make_fifo(fifos.ask);
  if (fifos.ask_fd < 0) unlink_fifos();
  return fifos.ask_fd >= 0;
}

static void add(const char* text, size_t size) {
  if (size > sizeof said.bytes - said.size)
    said.size = sizeof said.bytes + 1;
  else
    memcpy(said.bytes + said.size, text, size), said.size += size;
}

static void add_line(const char* key, const char* value) {
  if (said.size > sizeof said.bytes) return;
  add(key, strlen(key));
  add(value, strlen(value));
  add("\n", 1);
}

// As `cmdai-hook check --later` says it; the status. A plain allow says no more than its id, which has room
// in the head.
static int report(const struct answer* a, bool told, bool can_ask) {
  const char* action = answer_get(a, "action");
  const char* text = answer_get(a, "text");
  const char* need = answer_get(a, "need");
  const char* id = answer_get(a, "id");
  if (strcmp(a->type, "verdict") != 0 || action == NULL || id == NULL) return kOtherWay;
  if (told) add_line("note=", "0");
  if (answer_get(a, "incomplete") != NULL) return kIncomplete;
  if (need != NULL && text == NULL) return add_line("need=", need), kNeed;
  const bool plain = strcmp(action, "allow") == 0;
  if (plain && said.size == 0 && strlen(id) <= kMostId) return kRun;
  add_line("id=", id);
  if (plain) return kRun;
  add_line("", "");
  add_line("", text != NULL ? text : "");
  if (strcmp(action, "warn") == 0) return kRun;
  return strcmp(action, "ask") == 0 && can_ask ? kAsk : kRefused;
}

static bool write_piece(const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t n = write(fifos.say_fd, bytes, size);
    if (n > 0) bytes += n, size -= (size_t)n;
    if (n > 0 || errno == EINTR) continue;
    struct pollfd room = {fifos.say_fd, POLLOUT, 0};
    if (errno != EAGAIN || poll(&room, 1, kWriteMs) <= 0)
      return false;  // nobody reads: it has gone another way
  }
  return true;
}

static void write_answer(const char* number, int status) {
  char head[kHead + 1];
  const char* id = status == kRun && said.size == 0 ? answer_get(&answer, "id") : NULL;
  const int n = snprintf(head, sizeof head, "%.*s %d %s", kMostNumber, number, status, id != NULL ? id : "");
  memset(head + n, ' ', (size_t)(kHead - n));
  head[kHead - 1] = said.size > 0 ? '+' : '.';
  if (!write_piece(head, kHead) || said.size == 0) return;
  add("", 1);
  write_piece(said.bytes, said.size);
}

// One request, its empty field left out.
static void answer_one(const char* bytes, size_t size) {
  const char* number = bytes;
  const char* at = bytes + strlen(bytes) + 1;
  bool told = false;
  bool can_ask = false;
  request.type = "check";
  request.body_size = 0;
  request.too_large = false;
  for (; at < bytes + size; at += strlen(at) + 1) {
    told |= strcmp(at, "told=1") == 0;
    can_ask |= strcmp(at, "tty=1") == 0;
    if (strncmp(at, "told=", 5) != 0) request_add_field(&request, at);
  }
  const enum outcome outcome = ask_kept(&connection, &request, &answer, kDaemonMs);
  said.size = 0;
  int status = outcome == kTimeout    ? kSilent
               : outcome != kAnswered ? kOtherWay
                                      : report(&answer, told, can_ask);
  if (said.size > sizeof said.bytes - 1) status = kOtherWay, said.size = 0;
  write_answer(number, status);
}

// What has arrived. A request that is not whole yet waits for the rest; what is none is thrown away.
static void take_requests(void) {
  static char bytes[kMostRequest];
  static size_t size;
  const ssize_t n = read(fifos.ask_fd, bytes + size, sizeof bytes - size);
  if (n > 0) size += (size_t)n;
  size_t begin = 0;
  for (size_t i = 1; i < size; ++i) {
    if (bytes[i] != 0 || bytes[i - 1] != 0) continue;
    if (i > begin + 1) answer_one(bytes + begin, i - begin);
    begin = ++i;
  }
  memmove(bytes, bytes + begin, size - begin);
  size -= begin;
  if (size == sizeof bytes) size = 0;
}

// A later shell of the same process (`exec bash`) makes its own.
static bool replaced(void) {
  struct stat info;
  return fstat(fifos.ask_fd, &info) != 0 || info.st_nlink == 0;
}

int serve(const char* place) {
  const pid_t shell = getppid();
  static const int kLeftAlone[] = {SIGINT, SIGHUP, SIGTSTP, SIGTTOU, SIGTTIN};
  for (size_t i = 0; i < sizeof kLeftAlone / sizeof *kLeftAlone; ++i) signal(kLeftAlone[i], SIG_IGN);
  if (!make_fifos(place)) return kRefused;
  signal(SIGTERM, end);
  struct pollfd watched[2] = {{fifos.ask_fd, POLLIN, 0},
                              {(int)syscall(SYS_pidfd_open, shell, 0), POLLIN, 0}};  // -1: poll(2) skips it
  while (getppid() == shell && !replaced()) {
    const int ready = poll(watched, 2, kLookMs);
    if (ready > 0 && watched[1].revents != 0) break;
    if (ready > 0 && watched[0].revents != 0) take_requests();
  }
  if (!replaced()) unlink_fifos();
  return 0;
}
