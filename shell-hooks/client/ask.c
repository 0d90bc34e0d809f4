#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

int open_terminal(void) {
  const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return -1;
  if (tcgetpgrp(fd) == getpgrp()) return fd;
  close(fd);
  return -1;
}

bool terminal_is_ours(void) {
  // Standard error is it, as a rule: tcgetpgrp(3) fails for any terminal but the controlling one.
  if (tcgetpgrp(2) == getpgrp()) return true;
  const int fd = open_terminal();
  if (fd >= 0) close(fd);
  return fd >= 0;
}

static void say(int fd, const char* text) {
  if (write(fd, text, strlen(text)) < 0) return;  // nobody reads: the answer will be no
}

static void nothing(int signal) { (void)signal; }

// A signal must not end us while the terminal is in our mode: it is a no.
static void catch_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = nothing;
  static const int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  for (size_t i = 0; i < sizeof kSignals / sizeof *kSignals; ++i) sigaction(kSignals[i], &action, NULL);
}

static enum reply read_key(int fd, int milliseconds) {
  struct pollfd entry = {fd, POLLIN, 0};
  const int ready = poll(&entry, 1, milliseconds);
  if (ready == 0) return kNobodyThere;
  char key = 0;
  if (ready < 0 || read(fd, &key, 1) != 1) return kNo;
  switch (key) {
    case 'y':
    case 'Y': return kYes;
    case 'e':
    case 'E': return kExplain;
    case 'a':
    case 'A': return kAlways;
    case '?': return kHelp;
    default: return kNo;
  }
}

void say_on(int terminal, const char* text) {
  while (*text != 0) {
    const size_t length = strcspn(text, "\n");
    if (write(terminal, text, length) < 0) return;
    text += length;
    if (*text == 0) return;
    say(terminal, "\r\n");  // a line editor may have switched off what makes one of the other
    ++text;
  }
}

static const char* echo_of(enum reply reply) {
  switch (reply) {
    case kYes: return "yes\r\n";
    case kNobodyThere: return "no answer: not run\r\n";
    case kExplain: return "explain\r\n";
    case kAlways: return "always\r\n";
    case kHelp: return "?\r\n";
    default: return "no\r\n";
  }
}

enum reply ask_on(int terminal, const char* question, int milliseconds) {
  struct termios found;
  if (tcgetattr(terminal, &found) != 0) return kNo;
  catch_signals();
  struct termios mine = found;
  mine.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);  // Ctrl-C is a key like any other: a no
  mine.c_oflag |= OPOST | ONLCR;                      // a line editor may have switched them off
  mine.c_cc[VMIN] = 1;
  mine.c_cc[VTIME] = 0;
  tcsetattr(terminal, TCSAFLUSH, &mine);  // with what was typed ahead thrown away
  say(terminal, question);
  const enum reply reply = read_key(terminal, milliseconds);
  tcsetattr(terminal, TCSAFLUSH, &found);  // the rest of an arrow key or a paste is no answer to anything
  say(terminal, echo_of(reply));
  return reply;
}
