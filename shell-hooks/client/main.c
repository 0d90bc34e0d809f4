// cmdai-hook: asks cmdaid about one command line, for the shell hooks. Static, libc only, no allocation, a
// deadline of its own; it is started before each command that a shell cannot ask about without a process.
//
//   cmdai-hook check [--stdin] [--later] [--silent] [--cmdai PATH] [--unavailable warn|block] KEY=VALUE…
//
// KEY=VALUE are the fields of a `check` frame (docs/protocol.md). With --stdin the command is standard input,
// less one newline at its end. What is to be said goes to standard error, a question to the terminal.
//
// Standard output: `need=A,B` (status 4); `note=1` when the daemon did not answer and this was said
// (`told=1`: not said again), `note=0` when it answers again. With --later nothing is said or asked: there is
// `id=ID`, and where something is to be said an empty line and the text behind it, for the caller to say and,
// at status 6, to `confirm`. With --silent the caller waited for the daemon in vain already: it is not waited
// for again.
//
// Status: 0 it may run, 1 it must not, 2 wrong usage, 4 values are needed, 5 not a whole command yet
// (`partial=1`), 6 to be asked (--later).
//
//   cmdai-hook confirm id=ID
//
// Only the question of a verdict `ask`, and its answer to the daemon. Status: 0 yes, 1 no. CMDAI_ASK_SECONDS:
// how long it waits for a key (300 at most, and if not set).
//
//   cmdai-hook send TYPE KEY=VALUE…
//
// One frame, whatever the answer. Status: 0 it was `ok`, 1 it was not.
//
//   cmdai-hook start [--cmdai PATH] [--unavailable warn|block] [--extglob] SHELL -c TEXT [ARGUMENT…]
//   cmdai-hook start … SHELL file PATH [ARGUMENT…]
//   cmdai-hook start … SHELL process PID
//
// What a shell that is not interactive is to run; with `process`, what the arguments of that process say.
// Says what is to be said and asks. Status: 0 it may run, 1 it must not.
//
//   cmdai-hook serve PLACE
//
// Asks for the shell that started it, for as long as that lives, through FIFOs: serve.h.
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "question.h"
#include "serve.h"
#include "start.h"
#include "terminal_fields.h"
#include "transport.h"

enum { kRun = 0, kRefused = 1, kUsage = 2, kNeed = 4, kIncomplete = 5, kAsk = 6 };
enum { kDaemonMs = 2000, kRelayMs = 15000, kMostFields = 500 };

static struct request request;
static struct answer answer;
static char stdin_command[kMaxBody + 1];

struct options {
  const char* cmdai;
  bool from_stdin, later, silent, block_when_unavailable;
  const char* fields[kMostFields + 8];  // the caller's and ours, without the command; null at the end
  size_t count;
  const char* command;
  size_t command_size;
  bool rest_on_stdin, told;
};

static void talk(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vdprintf(2, format, arguments);
  va_end(arguments);
}

// For the caller. Not by printf(3), which asks what its output is and takes pages of its own.
static void out(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vdprintf(1, format, arguments);
  va_end(arguments);
}

static int usage(const char* what, const char* word) {
  talk("cmdai-hook: %s%s\nhint: the shell hooks call this; `cmdai init SHELL` prints them\n", what, word);
  return kUsage;
}

static const char* field_value(const struct options* o, const char* key) {
  const size_t n = strlen(key);
  for (size_t i = 0; i < o->count; ++i)
    if (strncmp(o->fields[i], key, n) == 0 && o->fields[i][n] == '=') return o->fields[i] + n + 1;
  return NULL;
}

static void add_field(struct options* o, const char* field) {
  if (o->count < sizeof o->fields / sizeof *o->fields - 1) o->fields[o->count++] = field;
}

static int read_options(int argc, char** argv, struct options* o) {
  for (int i = 2; i < argc; ++i) {
    const char* word = argv[i];
    if (strcmp(word, "--stdin") == 0) {
      o->from_stdin = true;
    } else if (strcmp(word, "--later") == 0) {
      o->later = true;
    } else if (strcmp(word, "--silent") == 0) {
      o->silent = true;
    } else if (strcmp(word, "--cmdai") == 0 && i + 1 < argc) {
      o->cmdai = argv[++i];
    } else if (strcmp(word, "--unavailable") == 0 && i + 1 < argc) {
      o->block_when_unavailable = strcmp(argv[++i], "block") == 0;
    } else if (strncmp(word, "cmd=", 4) == 0) {
      o->command = word + 4;
      o->command_size = strlen(o->command);
    } else if (word[0] != '-' && strchr(word, '=') != NULL) {
      if (o->count >= kMostFields) return usage("too many fields", "");
      add_field(o, word);
    } else {
      return usage("unknown argument: ", word);
    }
  }
  const char* told = field_value(o, "told");
  o->told = told != NULL && told[0] == '1';
  return kRun;
}

static int read_command(struct options* o) {
  size_t n = 0;
  while (n < sizeof stdin_command) {
    const ssize_t got = read(0, stdin_command + n, sizeof stdin_command - n);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return usage("standard input cannot be read: ", strerror(errno));
    if (got == 0) break;
    n += (size_t)got;
  }
  o->rest_on_stdin = n == sizeof stdin_command;
  if (!o->rest_on_stdin && n > 0 && stdin_command[n - 1] == '\n') --n;
  o->command = stdin_command;
  o->command_size = n;
  return kRun;
}

static void add_terminal_fields(struct options* o, bool can_ask) {
  static struct terminal_fields found;
  find_terminal_fields(&found, can_ask);
  if (found.width[0] != 0 && field_value(o, "width") == NULL) add_field(o, found.width);
  if (found.color) add_field(o, "color=1");
  if (found.tty) add_field(o, "tty=1");
  if (found.plain) add_field(o, "plain=1");
}

static const char* reason_of(enum outcome outcome) {
  switch (outcome) {
    case kNobody: return "the daemon does not run and could not be started";
    case kTimeout: return "the daemon does not answer in time";
    case kUntrusted: return "the daemon's socket belongs to somebody else, or others may use it";
    default: return "the daemon gives no answer that can be read";
  }
}

// on_unavailable of config.toml decides, when nobody could judge at all.
static int unavailable(const struct options* o, const char* reason) {
  if (o->block_when_unavailable) {
    talk("cmdai: blocked: %s, and `on_unavailable` is \"block\"\n  hint: cmdai doctor\n", reason);
    return kRefused;
  }
  if (!o->told) talk("cmdai: NOT GUARDED: %s; commands run unchecked\n  hint: cmdai doctor\n", reason);
  out("note=1\n");
  return kRun;
}

static void tell_note(const struct options* o) {
  const char* note = answer_get(&answer, "note");
  if (note != NULL && !o->told) talk("cmdai: note: %s\n", note);
  if (note != NULL)
    out("note=1\n");
  else if (o->told)
    out("note=0\n");
}

// `terminal`: to ask at, or -1; with --later only whether there is one.
static int act(const struct options* o, int terminal, bool can_ask) {
  const char* action = answer_get(&answer, "action");
  const char* text = answer_get(&answer, "text");
  const char* need = answer_get(&answer, "need");
  const char* id = answer_get(&answer, "id");
  if (strcmp(answer.type, "verdict") != 0 || action == NULL || id == NULL) {
    return unavailable(o, text != NULL ? text : reason_of(kFailed));
  }
  tell_note(o);
  if (answer_get(&answer, "incomplete") != NULL) return kIncomplete;
  if (need != NULL && text == NULL) {
    out("need=%s\n", need);
    return kNeed;
  }
  if (strcmp(action, "allow") == 0) {
    if (o->later) out("id=%s\n", id);
    return kRun;
  }
  if (o->later) {
    out("id=%s\n\n%s", id, text != NULL ? text : "");
    return strcmp(action, "warn") == 0 ? kRun : strcmp(action, "ask") == 0 && can_ask ? kAsk : kRefused;
  }
  talk("%s", text != NULL ? text : "");
  if (strcmp(action, "warn") == 0) return kRun;
  if (strcmp(action, "ask") != 0 || terminal < 0) return kRefused;
  return put_question(terminal, id) ? kRun : kRefused;
}

static int check(struct options* o) {
  if (o->from_stdin && read_command(o) != kRun) return kUsage;
  if (o->command == NULL) return usage("`check` needs cmd=TEXT or --stdin", "");
  const int terminal = o->later ? -1 : open_terminal();
  const bool can_ask = o->later ? terminal_is_ours() : terminal >= 0;
  add_terminal_fields(o, can_ask);
  o->fields[o->count] = NULL;
  request.type = "check";
  request_add(&request, "cmd", o->command, o->command_size);
  for (size_t i = 0; i < o->count; ++i) request_add_field(&request, o->fields[i]);
  if (o->rest_on_stdin) request.too_large = true;

  enum outcome outcome = o->silent           ? kTimeout
                         : request.too_large ? kNobody
                                             : ask_daemon(&request, &answer, kDaemonMs);
  if (outcome != kAnswered && o->cmdai != NULL) {
    const struct relay relay = {o->cmdai,   outcome == kTimeout, o->fields,
                                o->command, o->command_size,     o->rest_on_stdin};
    const enum outcome relayed = ask_relay(&relay, &answer, kRelayMs);
    if (relayed == kAnswered) outcome = kAnswered;
  }
  const int status = outcome == kAnswered ? act(o, terminal, can_ask) : unavailable(o, reason_of(outcome));
  if (terminal >= 0) close(terminal);
  return status;
}

static int confirm(const struct options* o) {
  const char* id = field_value(o, "id");
  const int terminal = open_terminal();
  if (id == NULL) return usage("`confirm` needs id=ID", "");
  if (terminal < 0) return kRefused;
  return put_question(terminal, id) ? kRun : kRefused;
}

static int send_frame(const char* type, const struct options* o) {
  request.type = type;
  for (size_t i = 0; i < o->count; ++i) request_add_field(&request, o->fields[i]);
  if (request.too_large || ask_daemon(&request, &answer, kDaemonMs) != kAnswered) return kRefused;
  return strcmp(answer.type, "ok") == 0 ? kRun : kRefused;
}

int main(int argc, char** argv) {
  static struct options o;
  signal(SIGPIPE, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);  // a key that ends us must not be a way around the question
  if (argc < 2) return usage("no command", "");
  if (strcmp(argv[1], "start") == 0) return start_command(argc, argv);
  if (strcmp(argv[1], "serve") == 0) return argc == 3 ? serve(argv[2]) : usage("`serve` needs a place", "");
  const bool sends = strcmp(argv[1], "send") == 0;
  if (sends && argc < 3) return usage("`send` needs a frame type", "");
  if (read_options(sends ? argc - 1 : argc, sends ? argv + 1 : argv, &o) != kRun) return kUsage;
  if (sends) return send_frame(argv[2], &o);
  if (strcmp(argv[1], "check") == 0) return check(&o);
  if (strcmp(argv[1], "confirm") == 0) return confirm(&o);
  if (strcmp(argv[1], "--version") == 0) return out("cmdai-hook %s\n", CMDAI_VERSION), kRun;
  return usage("unknown command: ", argv[1]);
}
