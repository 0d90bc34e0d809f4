#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "invocation.h"
#include "question.h"
#include "transport.h"

enum { kDaemonMs = 2000, kRelayMs = 15000 };
enum { kMostFields = 48, kMostValues = 32, kMostOfValue = 4096 };

static struct request request;
static struct answer answer;

// Fields of the check, each `key=value`; `list` ends with null.
static struct {
  const char* list[kMostFields + kMostValues + 2];
  size_t count;
  char room[16 * 1024 + kMostValues * kMostOfValue];
  size_t used;
} fields;

static void add_field(const char* key, const char* value) {
  char* begin = fields.room + fields.used;
  const size_t left = sizeof fields.room - fields.used;
  const int n = snprintf(begin, left, "%s=%s", key, value);
  if (n < 0 || (size_t)n >= left || fields.count + 1 >= sizeof fields.list / sizeof *fields.list) return;
  fields.used += (size_t)n + 1;
  fields.list[fields.count++] = begin;
  fields.list[fields.count] = NULL;
}

static void add_number(const char* key, long number) {
  char text[24];
  snprintf(text, sizeof text, "%ld", number);
  add_field(key, text);
}

static bool is_name(const char* text) {
  static const char kRest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  return text[0] != 0 && strchr(kRest + 53, text[0]) == NULL && text[strspn(text, kRest)] == 0;
}

// Whoever starts agents may say so; everything else is a person (docs/non-interactive.md).
static const char* actor(void) {
  const char* said = getenv("CMDAI_ACTOR");
  const bool agent = said != NULL && strncmp(said, "agent:", 6) == 0 && said[6] != 0 && strlen(said) < 200;
  return agent ? said : "human";
}

// PWD is the name the person knows the directory by, where it is one (sh(1) takes it under the same terms).
static void add_directory(void) {
  char here[4096];
  const char* said = getenv("PWD");
  struct stat named;
  struct stat real;
  const bool same = said != NULL && said[0] == '/' && stat(said, &named) == 0 && stat(".", &real) == 0 &&
                    named.st_dev == real.st_dev && named.st_ino == real.st_ino;
  if (same)
    add_field("cwd", said);
  else if (getcwd(here, sizeof here) != NULL)
    add_field("cwd", here);
}

static void add_terminal(int terminal) {
  const char* term = getenv("TERM");
  const char* no_color = getenv("NO_COLOR");  // no-color.org: set and not empty
  struct winsize size;
  if (!isatty(2)) return;
  if (ioctl(2, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) add_number("width", size.ws_col);
  if ((no_color == NULL || no_color[0] == 0) && term != NULL && strcmp(term, "dumb") != 0)
    add_field("color", "1");
  const char* plain = getenv("CMDAI_PLAIN");
  if ((plain != NULL && plain[0] != 0) || (term != NULL && strcmp(term, "dumb") == 0))
    add_field("plain", "1");
  if (terminal >= 0) add_field("tty", "1");
}

static void add_facts(const struct start* s, int terminal) {
  const char* home = getenv("HOME");
  fields.count = fields.used = 0;
  add_field("shell", s->shell);
  add_field("source", "script");
  add_field("actor", actor());
  add_field("probe", "1");
  add_number("pid", s->pid);
  add_directory();
  if (home != NULL && home[0] != 0) add_field("home", home);
  add_terminal(terminal);
}

// What shells set themselves: that it is not in the environment does not say that it is unset.
static bool is_set_by_shells(const char* name) {
  static const char* const kNames[] = {
      "UID",      "EUID",         "GID",           "EGID",     "PPID",     "RANDOM",   "SRANDOM",
      "SECONDS",  "EPOCHSECONDS", "EPOCHREALTIME", "HOSTNAME", "HOSTTYPE", "HOST",     "OSTYPE",
      "MACHTYPE", "SHLVL",        "IFS",           "OPTIND",   "LINENO",   "USERNAME", "LOGNAME",
      "PWD",      "OLDPWD",       "HOME",          "PATH",     "GROUPS",   "DIRSTACK", "TERM",
      "CPUTYPE",  "VENDOR",       "history",       "status",   "hostname", "version",  NULL};
  for (size_t i = 0; kNames[i] != NULL; ++i)
    if (strcmp(name, kNames[i]) == 0) return true;
  return strncmp(name, "BASH", 4) == 0 || strncmp(name, "ZSH", 3) == 0 || strncmp(name, "FISH", 4) == 0;
}

// `A,B`: what they hold.
static void add_values(const char* names) {
  while (*names != 0) {
    char name[128];
    char key[160];
    char value[kMostOfValue + 1];
    const size_t length = strcspn(names, ",");
    snprintf(name, sizeof name, "%.*s", (int)length, names);
    names += length + (names[length] == ',');
    if (length >= sizeof name || !is_name(name)) continue;
    const char* said = getenv(name);
    if (said == NULL) {
      if (!is_set_by_shells(name)) add_field("unset", name);
      continue;
    }
    snprintf(key, sizeof key, "var.%s", name);
    snprintf(value, sizeof value, "%s", said);
    add_field(key, value);
  }
}

static enum outcome ask(const struct start* s, bool ask_values) {
  add_field("vars", ask_values ? "1" : "0");
  request.type = "check";
  request.body_size = 0;
  request.too_large = false;
  request_add(&request, "cmd", s->command, s->command_size);
  for (size_t i = 0; i < fields.count; ++i) request_add_field(&request, fields.list[i]);
  enum outcome outcome = request.too_large ? kNobody : ask_daemon(&request, &answer, kDaemonMs);
  if (outcome != kAnswered && s->cmdai != NULL) {
    const struct relay relay = {s->cmdai,   outcome == kTimeout, fields.list,
                                s->command, s->command_size,     false};
    const enum outcome relayed = ask_relay(&relay, &answer, kRelayMs);
    if (relayed == kAnswered) outcome = kAnswered;
  }
  const size_t length = strlen(fields.list[fields.count - 1]) + 1;
  fields.list[--fields.count] = NULL;  // `vars` may be another one the next time
  fields.used -= length;
  return outcome;
}

static bool unavailable(const struct start* s, enum outcome outcome, const char* said) {
  const char* reason = said                  ? said
                       : outcome == kNobody  ? "the daemon does not run and could not be started"
                       : outcome == kTimeout ? "the daemon does not answer in time"
                       : outcome == kUntrusted
                           ? "the daemon's socket belongs to somebody else, or others may use it"
                           : "the daemon gives no answer that can be read";
  if (s->block_when_unavailable)
    dprintf(2, "cmdai: blocked: %s\n  hint: cmdai doctor\n", reason);
  else
    dprintf(2, "cmdai: NOT GUARDED: %s; this runs unchecked\n  hint: cmdai doctor\n", reason);
  return !s->block_when_unavailable;
}

static bool act(const struct start* s, int terminal) {
  const char* action = answer_get(&answer, "action");
  const char* text = answer_get(&answer, "text");
  const char* id = answer_get(&answer, "id");
  if (strcmp(answer.type, "verdict") != 0 || action == NULL || id == NULL)
    return unavailable(s, kFailed, text);
  if (strcmp(action, "allow") == 0) return true;
  const char* note = answer_get(&answer, "note");
  if (note != NULL) dprintf(2, "cmdai: note: %s\n", note);
  dprintf(2, "%s", text != NULL ? text : "cmdai: not run\n");
  if (strcmp(action, "warn") == 0) return true;
  return strcmp(action, "ask") == 0 && terminal >= 0 && put_question(terminal, id);
}

bool may_start(const struct start* s) {
  if (s->command_too_large) {
    dprintf(2,
            "cmdai: blocked: the command is longer than %d bytes, which nobody reads\n  hint: put it into a "
            "file\n",
            kMostText);
    return false;
  }
  // Where standard error goes elsewhere nobody would see what the question is about.
  const int terminal = isatty(2) ? open_terminal() : -1;
  add_facts(s, terminal);
  enum outcome outcome = kFailed;
  for (int round = 1; round <= 3; ++round) {
    outcome = ask(s, round < 3);
    const char* need = outcome == kAnswered ? answer_get(&answer, "need") : NULL;
    if (need == NULL || answer_get(&answer, "text") != NULL) break;
    add_values(need);
  }
  const bool run = outcome == kAnswered ? act(s, terminal) : unavailable(s, outcome, NULL);
  if (terminal >= 0) close(terminal);
  return run;
}

// The arguments of another process, as execve(2) was given them: proc(5), /proc/PID/cmdline. Null: they
// cannot be read, or there are more than there is room for.
static char* const* arguments_of(const char* pid, bool* too_long) {
  static char bytes[kMostText];
  static char* argv[4096];
  char path[64];
  if (strspn(pid, "0123456789") != strlen(pid)) return NULL;
  snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NULL;
  size_t size = 0;
  for (ssize_t n; (n = read(fd, bytes + size, sizeof bytes - 1 - size)) > 0;) size += (size_t)n;
  close(fd);
  size_t count = 0;
  size_t at = 0;
  for (; at < size && count + 1 < sizeof argv / sizeof *argv; at += strlen(bytes + at) + 1)
    argv[count++] = bytes + at;
  argv[count] = NULL;
  *too_long = size + 1 >= sizeof bytes || at < size;
  return *too_long || count == 0 ? NULL : argv;
}

static int usage(const char* what, const char* word) {
  dprintf(2, "cmdai-hook: %s%s\nhint: `cmdai init --non-interactive SHELL` prints what calls this\n", what,
          word);
  return 2;
}

int start_command(int argc, char** argv) {
  static struct text command;
  struct start start = {.pid = getppid()};
  struct invocation in;
  memset(&in, 0, sizeof in);
  int i = 2;
  for (; i < argc && strncmp(argv[i], "--", 2) == 0; ++i) {
    if (strcmp(argv[i], "--cmdai") == 0 && i + 1 < argc)
      start.cmdai = argv[++i];
    else if (strcmp(argv[i], "--unavailable") == 0 && i + 1 < argc)
      start.block_when_unavailable = strcmp(argv[++i], "block") == 0;
    else if (strcmp(argv[i], "--extglob") == 0)
      in.extglob = true;
    else
      return usage("unknown option: ", argv[i]);
  }
  if (argc - i < 3) return usage("`start` needs SHELL, and -c TEXT, file PATH or process PID", "");
  const enum shell shell = shell_from_name(argv[i]);
  const char* kind = argv[i + 1];
  if (shell == kNoShell) return usage("unknown shell: ", argv[i]);
  in.rest = argv + i + 3;
  if (strcmp(kind, "-c") == 0) {
    in.string = argv[i + 2];
  } else if (strcmp(kind, "file") == 0) {
    in.script = argv[i + 2];
  } else if (strcmp(kind, "process") == 0) {
    char* const* arguments = arguments_of(argv[i + 2], &start.command_too_large);
    if (start.command_too_large) return may_start(&start) ? 0 : 1;
    if (arguments == NULL) return usage("the arguments of this process cannot be read: ", argv[i + 2]);
    read_invocation(shell, arguments, &in);
  } else {
    return usage("unknown kind: ", kind);
  }
  if (!command_of(shell, &in, &command)) return 0;
  start.shell = shell_name(shell);
  start.command = command.bytes;
  start.command_size = command.size;
  start.command_too_large = command.too_large;
  return may_start(&start) ? 0 : 1;
}
